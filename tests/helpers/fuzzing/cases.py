"""One number, one case: an input spoilt in one way or two, and a command that reads it."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from fuzzing.hostile import Bait
from fuzzing.inputs import COMMANDS, INPUTS, SCENARIO
from fuzzing.mutations import MUTATIONS, Mutation, Spoilt

TYPED = "typed.txt"  # holds what is typed after --set, a setting a line
ROUND = (*INPUTS, "plan", "plan", "project", "scenario")  # the files with most in them come oftener
STRUCTURED, AGAIN, AS_JSON = 0.75, 0.2, 0.25  # shares of cases


@dataclass(frozen=True, slots=True)
class Case:
    """What is run. Without a seed nothing is spoilt."""

    seed: int | None
    input: str
    command: str
    mutations: tuple[str, ...] = ()
    as_json: bool = False

    @property
    def name(self) -> str:
        """What it is called in a list of cases."""
        spoilt = " and ".join(self.mutations) or "good"
        return f"{'-' if self.seed is None else self.seed}: {self.input}, {spoilt}: {self.command}"


def case(seed: int) -> Case:
    """Return the case of a number. Numbers in a row go through all inputs, and then each input's commands."""
    draws, (turn, place) = random.Random(seed), divmod(seed, len(ROUND))
    name = ROUND[place]
    commands, times = INPUTS[name].commands, turn * ROUND.count(name) + ROUND[:place].count(name)
    chosen = tuple(function.__name__ for function in _drawn(name, draws))
    return Case(seed, name, commands[times % len(commands)], chosen, draws.random() < AS_JSON)


def good_cases(which: Literal["one", "all"] | None = "all") -> Iterator[Case]:
    """Yield every input unspoilt, with one command that reads it, a cheap one, or all: what a campaign rests on."""
    for name, kind in INPUTS.items():
        commands = {None: (), "one": kind.commands[:1], "all": tuple(dict.fromkeys(kind.commands))}[which]
        yield from (Case(None, name, command) for command in commands)


def _drawn(name: str, draws: random.Random) -> Iterator[Mutation]:
    made_of = INPUTS[name].made_of
    structured = [function for kind in made_of for function in MUTATIONS[kind]]
    if made_of == ("setting",):
        yield draws.choice(structured)
        return
    is_structured = bool(structured) and draws.random() < STRUCTURED
    if is_structured:
        yield draws.choice(structured)
    if not is_structured or draws.random() < AGAIN:
        yield draws.choice(MUTATIONS["any"])


def lay_out(case: Case, good: Path, folder: Path, bait: Bait) -> list[str]:
    """Copy the good files into a new folder and spoil the case's; return what is typed after `partnerships`."""
    kind = INPUTS[case.input]
    shutil.copytree(good, folder)
    path = folder / (kind.file or TYPED)
    functions = {function.__name__: function for some in MUTATIONS.values() for function in some}
    for number, name in enumerate(case.mutations):
        functions[name](Spoilt(path, random.Random(f"{case.seed}, {number}"), bait))
    typed = (folder / TYPED).read_text("utf-8").split("\n") if (folder / TYPED).exists() else []
    return [*COMMANDS[case.command].split(), *_settings(case, [*kind.settings, *typed]), *["--json"] * case.as_json]


def _settings(case: Case, settings: Sequence[str]) -> list[str]:
    """Settings as options, of commands that take a scenario."""
    takes = SCENARIO in COMMANDS[case.command].split()
    return [part for setting in settings for part in ("--set", setting)] if takes else []
