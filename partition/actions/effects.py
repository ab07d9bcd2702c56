"""Whether partnerships worked, as far as results, a survey and activities can say; and the sheets to fill in for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geodata.faults import BadData, Fault

if TYPE_CHECKING:
    from partition.scheme import Scheme
    from partition.scheme.effects import EffectsAccount
    from partition.scheme.effects_sheet import Table


@dataclass(frozen=True, slots=True)
class EffectsShown:
    """Results, survey and activities around a plan, in tables, lines and facts, and the files by what each is."""

    found: EffectsAccount
    tables: tuple[Table, ...]
    lines: tuple[str, ...]
    facts: dict[str, Any]
    files: dict[str, str]


def show_effects(scheme: Scheme, out: Path, *, internal: bool = False) -> EffectsShown:
    """Show schools' results, what they say and what they do together, as tables.

    Parameters
    ----------
    scheme
        The scheme around a plan, whose scenario names results, a survey or activities.
    out
        The folder to write in.
    internal
        Whether the answers of single partnerships are shown.

    Raises
    ------
    BadData
        Where the scenario names none of the files, or a file cannot be used.

    Examples
    --------
    >>> import partition as p
    >>> scenario = p.read_scenario("county.toml", ["effects.activity=activity.csv"])
    >>> over = p.PlanOverData.open(Path("plan.gpkg"), scenario)
    >>> p.show_effects(over.scheme(), Path("effects")).found.key_activities[0].what
    'Joint training'
    """
    from partition.scheme.effects_sheet import effects_facts, effects_lines, tables, write_effects

    found = scheme.effects
    if found is None:
        fix = "name a file: effects.results, effects.survey or effects.activity; --sheets writes sheets to fill in"
        raise BadData([Fault(file="scenario", column="effects", fix=fix)])
    shown = tuple(tables(scheme, found, internal=internal))
    return EffectsShown(
        found,
        shown,
        tuple(effects_lines(shown, found.caution)),
        effects_facts(found, internal=internal),
        write_effects(shown, found.caution, out, internal=internal),
    )


def write_effect_sheets(scheme: Scheme, out: Path) -> dict[str, str]:
    """Write the sheets to fill in with results, answers and activities, and return each path by its setting's name.

    Parameters
    ----------
    scheme
        The scheme around a plan: its schools and partnerships have the rows.
    out
        The folder to write in.

    Examples
    --------
    >>> import partition as p
    >>> over = p.PlanOverData.open(Path("plan.gpkg"), p.read_scenario("county.toml"))
    >>> sorted(p.write_effect_sheets(over.scheme(), Path("to fill in")))
    ['activity', 'results', 'survey']
    """
    from partition.scheme.effects_sheet import write_sheets_to_fill

    return write_sheets_to_fill(scheme, out)
