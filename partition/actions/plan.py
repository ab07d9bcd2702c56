"""A plan made, from the case to the files that people get of it: its plan file, and its map."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from geodata.urns import Urn

if TYPE_CHECKING:
    from partition.plans.account import Account
    from partition.scenario.case import Case
    from partition.solver import Progress, Run

FOUND, JUDGED = ("plan.gpkg", "map.html"), ("judged.gpkg", "judged.html")  # the files' names


@dataclass(frozen=True)
class PlanMade:
    """What a search came to; `run.plan` is None where it found no plan."""

    case: Case
    run: Run

    @cached_property
    def account(self) -> Account:
        """The plan in figures, and why some schools are not placed, which is worked out when first asked for.

        Raises ValueError where there is no plan.
        """
        from partition.plans.account import Account
        from partition.plans.identity import identities
        from partition.plans.unplaced import why_unplaced

        if self.run.plan is None:
            raise ValueError(str(self.run))
        problem, plan = self.case.problem, self.run.plan
        reasons = why_unplaced(problem, plan, self.run)
        known = identities(problem, plan, self.case.earlier)
        return Account(problem, plan, run=self.run, reasons=reasons, identities=known)

    @property
    def facts(self) -> dict[str, object]:
        """The plan and how far it is proven, as JSON holds it; amounts are in `unit`, minutes or km a year."""
        from partition.plans.own_minutes import spread_facts
        from partition.plans.wishes import wishes_facts

        run, account = self.run, self.account
        return {
            "status": run.status,
            "cost": account.cost.terms(),
            "bound": None if run.bound is None else run.bound / 1000,
            "gap": run.gap,
            "fewest_proven": run.fewest_proven,
            "fewest_bound": run.fewest_bound,
            "unit": account.unit,
            "partnerships": len(account.joined),
            "federations": len(account.federations),
            "headships": len(account.problem.roster),
            "schools": account.problem.roster.small_schools,
            "associates": sum(item.group.associates for item in account.partnerships),
            "unplaced": [
                {"urn": urn, "name": account.area.name_of(urn), "reason": account.reasons.get(urn, "")}
                for urn in account.unplaced
            ],
            "seconds": round(run.seconds, 2),
            "seed": run.limits.seed,
            "stopped_by": run.stopped_by,
            "travel": account.area.travel.words,
            "attribution": list(account.area.travel.attribution),
            "notices": [notice.as_dict() for notice in self.case.notices],
            "heads_own": spread_facts(account, internal=False),
            "digest": account.plan.digest,
            **wishes_facts(account),
        }

    def write(self, out: Path, *, internal: bool = False, tiles: str = "") -> dict[str, str]:
        """Write plan.gpkg and map.html into a folder; return the files by what each is."""
        return write_plan_and_map(self.case, self.account, out, internal=internal, tiles=tiles)


def make_plan(
    case: Case,
    tell: Callable[[Progress], None] | None = None,
    stop: Event | None = None,
    *,
    start: Mapping[Urn, str] | None = None,
    executor: Executor | None = None,
) -> PlanMade:
    """Propose partnerships: the fewest small schools unplaced, then the least cost, with a proof.

    Parameters
    ----------
    case
        The data and the settings, as `load` reads them; its scenario says how many seconds the search may take.
    tell
        Called as the search goes on.
    stop
        Set, it ends the search with the best plan so far.
    start
        A plan to improve on, drawn by hand: each school's URN and the name of its group.
    executor
        Workers, perhaps on other machines, that solve parts of the plan of a large area; see `partition.solve`.

    Returns
    -------
    PlanMade
        The run, its plan in figures, and `write`, which writes the files.

    Examples
    --------
    >>> import partition as p
    >>> case = p.load(p.read_scenario("county.toml"))
    >>> made = p.make_plan(case)
    >>> made.run.status
    'optimal'
    >>> sorted(made.write(Path("out")))
    ['map', 'plan']
    """
    from partition.plans.judge import drawn_by_hand
    from partition.solver import solve

    begun = None if start is None else drawn_by_hand(case.problem, start)
    return PlanMade(case, solve(case.problem, case.limits, tell, stop, start=begun, executor=executor))


def write_plan_and_map(
    case: Case, account: Account, out: Path, names: tuple[str, str] = FOUND, *, internal: bool = False, tiles: str = ""
) -> dict[str, str]:
    """Write both into a folder; they replace their forerunners at once. Decisions go on from the plan of today."""
    from geodata.files import together, writable_folder
    from partition.formats.language import language_of
    from partition.maps.atlas import draw_atlas
    from partition.maps.page import write_map
    from partition.maps.plan_layers import plan_layers
    from partition.scheme.kept import kept_tables, log_going_on
    from partition.storage.plan_file import write_plan

    log = log_going_on(case, account)
    language = language_of(case.language)
    atlas = draw_atlas(case, account, internal=internal, tiles=tiles, log=log, language=language)
    writable_folder(out, *names)
    plan_path, map_path = out / names[0], out / names[1]
    with together(private=internal):
        tables = kept_tables(case, account, log)
        write_plan(case, account, plan_path, internal=internal, kept=tables, drawn=plan_layers(atlas))
        write_map(atlas, map_path)
    return {"plan": str(plan_path), "map": str(map_path)}
