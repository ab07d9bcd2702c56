"""The register of mutations, by what a file is made of."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fuzzing.hostile import Bait


@dataclass(frozen=True, slots=True)
class Spoilt:
    """What a mutation works on: a file among others, draws of its own, and what it may lay out as bait."""

    path: Path
    draws: random.Random
    bait: Bait

    def some(self, least: int = 1, most: int = 5) -> range:
        """Return a range over a small number of times."""
        return range(self.draws.randint(least, most))


Mutation = Callable[[Spoilt], None]
MUTATIONS: dict[str, list[Mutation]] = {}


def mutation(*made_of: str) -> Callable[[Mutation], Mutation]:
    """Register a mutation for files made of this ("any": for every file)."""

    def register(function: Mutation) -> Mutation:
        for kind in made_of:
            MUTATIONS.setdefault(kind, []).append(function)
        return function

    return register
