"""Notes for the office that go with a draft into the plan that is kept of it. They stand in no plan, map or paper."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from pydantic import BaseModel, ConfigDict, TypeAdapter

from geodata.urns import Urn
from partition.settings.types import Urn as UrnRead
from partition.studies.hand_edits.draft import Draft


class Carried(BaseModel):
    """One note: on a school, or on a partnership, which is known by its schools, as numbers change with the plan."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: str
    urns: tuple[UrnRead, ...]
    on_partnership: bool = False


NOTES: TypeAdapter[tuple[Carried, ...]] = TypeAdapter(tuple[Carried, ...])


def carried(draft: Draft) -> str:
    """Return a draft's notes as JSON; "" where there is none."""
    found = []
    for about, words in draft.drawn.notes.items():
        if isinstance(about, Urn):
            found.append(Carried(words=words, urns=(about,)))
        elif urns := draft.drawn.urns(about):
            found.append(Carried(words=words, urns=urns, on_partnership=True))
    return NOTES.dump_json(tuple(found)).decode() if found else ""


def notes_of(text: str, groups: Sequence[Collection[Urn]], known: Collection[Urn]) -> Mapping[Urn | int, str]:
    """Return the notes that `carried` wrote, by school or by partnership, of groups numbered from 1.

    A partnership's note is on the group with most of its schools, of equals the first; with the note of another that
    went to the same group, both stand there. A note on schools that are not `known`, or in no group, is left out.
    """
    notes: dict[Urn | int, str] = {}
    for one in NOTES.validate_json(text) if text else ():
        about: Urn | int | None = None
        if one.on_partnership:
            shared = [len(set(one.urns) & set(group)) for group in groups]
            about = shared.index(max(shared)) + 1 if any(shared) else None
        elif one.urns[0] in known:
            about = one.urns[0]
        if about is not None:
            notes[about] = "\n".join(filter(None, [notes.get(about), one.words]))
    return notes
