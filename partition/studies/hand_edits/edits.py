"""The edits that a planner makes by hand: what each asks for, how it is read, and how it is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from partition.model.area import Area
from partition.settings.types import Urn

MANY_MAX = 2000  # schools or partnerships that one edit may name
NOTE_MAX = 1000  # characters
NAMED_MAX = 2  # of schools or partnerships that an edit's words name, before the rest are counted
VERSION_DIGITS = 16


class _Edit(BaseModel):
    """An edit, strictly read, because it may come from a page."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Move(_Edit):
    """An edit: a head, with all their schools, goes to a partnership by its number, to a new one, or out of any."""

    kind: Literal["move"] = "move"
    urn: Urn
    to: int | Literal["new", "none"]


class MoveMany(_Edit):
    """An edit: several heads, each with all their schools, go to the same place at once."""

    kind: Literal["move many"] = "move many"
    urns: Annotated[tuple[Urn, ...], Field(min_length=1, max_length=MANY_MAX)]
    to: int | Literal["new", "none"]


class TakePart(_Edit):
    """An edit: a head's schools take part as small schools, or as associates, or not at all."""

    kind: Literal["take part"] = "take part"
    urn: Urn
    role: Literal["small", "associate", "out"]


class Keep(_Edit):
    """An edit: a partnership is locked exactly as it is now, or locked but open to others, or free again."""

    kind: Literal["keep"] = "keep"
    partnership: int
    how: Literal["closed", "open", "free"]


class KeepMany(_Edit):
    """An edit: several partnerships, such as all of a district, are locked, or free again, at once."""

    kind: Literal["keep many"] = "keep many"
    partnerships: Annotated[tuple[int, ...], Field(min_length=1, max_length=MANY_MAX)]
    how: Literal["closed", "open", "free"]
    what: Annotated[str, Field(max_length=120)] = ""  # as people call them: "East Lindsey"


class Pair(_Edit):
    """An edit: two schools are to be together, or apart, or neither any more."""

    kind: Literal["pair"] = "pair"
    urns: tuple[Urn, Urn]
    how: Literal["together", "apart", "free"]


class Note(_Edit):
    """An edit: a note for the office on a school or a partnership, in place of an earlier one; "" takes it away."""

    kind: Literal["note"] = "note"
    urn: Urn | None = None
    partnership: int | None = None
    words: Annotated[str, Field(max_length=NOTE_MAX)]

    @model_validator(mode="after")
    def _about_one(self) -> Note:
        if (self.urn is None) == (self.partnership is None):
            raise ValueError("say which school or which partnership the note is on, not both")
        return self


Edit = Annotated[
    Move | MoveMany | TakePart | Keep | KeepMany | Pair | Note,
    Field(discriminator="kind"),
]
AN_EDIT: TypeAdapter[Edit] = TypeAdapter(Edit)  # reads an edit from JSON, as a page sends it


class Log(BaseModel):
    """Edits as they are kept: edits done, and edits undone since, the last undone first."""

    done: tuple[Edit, ...] = ()
    undone: tuple[Edit, ...] = ()

    @property
    def version(self) -> str:
        """Return a short text that differs where the edits differ: who edits says by it what was seen."""
        return sha256(self.model_dump_json().encode()).hexdigest()[:VERSION_DIGITS]


def is_private(edit: Edit) -> bool:
    """Return whether an edit is private: it says which schools are kept apart, or is a note for the office."""
    return isinstance(edit, Note) or (isinstance(edit, Pair) and edit.how == "apart")


def new_name(number: int) -> str:
    """Return the name of a partnership that an edit begins."""
    return f"New partnership {number}"


def edit_words(edit: Edit, area: Area, names: Mapping[int, str]) -> str:
    """Return an edit in words; `names` are those of the partnerships, by number."""

    def called(number: int) -> str:
        return names.get(number) or new_name(number)  # an undone edit may name a new one

    match edit:
        case Move(urn=urn, to=to):
            return f"{area.name_of(urn)} {_moved_words(called, to, 'its partnership')}"
        case MoveMany(urns=urns, to=to):
            whose = "its partnership" if len(urns) == 1 else "their partnerships"
            return f"{_several([area.name_of(urn) for urn in urns])} {_moved_words(called, to, whose)}"
        case TakePart(urn=urn, role="out"):
            return f"{area.name_of(urn)} does not take part"
        case TakePart(urn=urn, role="small"):
            return f"{area.name_of(urn)} takes part as a small school"
        case TakePart(urn=urn):
            return f"{area.name_of(urn)} may join as an associate"
        case Keep(partnership=number, how=how):
            return f"{called(number)} {KEPT_WORDS[how]}"
        case KeepMany(partnerships=numbers, how=how, what=what):
            count = f"{len(numbers)} partnership{'s' * (len(numbers) != 1)}"
            told = f"{what} ({count})" if what else _several([called(number) for number in numbers])
            return f"{told}: {KEPT_WORDS[how]}"
        case Pair(urns=urns, how="free"):
            return f"{area.name_of(urns[0])} and {area.name_of(urns[1])}: neither together nor apart"
        case Pair(urns=urns, how=how):
            return f"{area.name_of(urns[0])} and {area.name_of(urns[1])} kept {how}"
        case Note(urn=urn, partnership=number, words=words):
            whose = area.name_of(urn) if urn is not None else called(int(number or 0))
            return f"Note on {whose}" if words else f"Note on {whose} taken away"


KEPT_WORDS = {"closed": "kept as now", "open": "kept as now, others may join", "free": "no longer kept as now"}


def _moved_words(called: Callable[[int], str], to: int | Literal["new", "none"], whose: str) -> str:
    """Return where something was moved."""
    match to:
        case "none":
            return f"taken out of {whose}"
        case "new":
            return "moved to a new partnership"
        case number:
            return f"moved to {called(number)}"


def _several(names: Sequence[str]) -> str:
    """Return some names as a person lists them: the first few, then how many more."""
    if len(names) <= NAMED_MAX:
        return " and ".join(names)
    return f"{', '.join(names[:NAMED_MAX])} and {len(names) - NAMED_MAX} more"
