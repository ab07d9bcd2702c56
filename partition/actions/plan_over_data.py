"""A plan over the data that it was made from: how every question about a plan begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from geodata.faults import BadData, Fault

if TYPE_CHECKING:
    from partition.plans.account import Account
    from partition.scenario.case import Case
    from partition.scheme import Scheme
    from partition.settings.scenario import Scenario
    from partition.storage.plan_file import Stored
    from partition.storage.verify import Verdict


class Disagreement(BadData):
    """Raised where a plan does not follow from the data given.

    Parameters
    ----------
    name
        The name of the plan file, for the message.
    verdict
        The faults found in the file; kept as the attribute `verdict`.
    """

    def __init__(self, name: str, verdict: Verdict) -> None:
        words = "; ".join([*verdict.wrong, *verdict.as_sealed])
        fix = f"the data are not as they were when this plan was made ({words}); find a plan again with its settings"
        super().__init__([Fault(file=name, fix=fix)])
        self.verdict = verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOverData:
    """A plan file as read, together with the data of today; `open` reads both and checks that they agree.

    Attributes
    ----------
    stored
        The content of the plan file.
    case
        The scenario with its data of today.
    account
        The account of the plan over these data.
    use_cache
        Whether roads and minutes worked out before are used, and new ones kept.
    """

    stored: Stored
    case: Case
    account: Account
    use_cache: bool = True

    @classmethod
    def open(
        cls,
        source: Path | bytes,
        scenario: Scenario,
        *,
        name: str = "plan.gpkg",
        searched: bool = False,
        use_cache: bool = True,
    ) -> PlanOverData:
        """Read a plan and its data, and check that they agree.

        Parameters
        ----------
        source
            The plan file, or its bytes, which are called `name` in what is said of them.
        scenario
            What the plan was made from.
        searched
            Whether a search must stand behind the plan: groups that were judged are then refused.
        use_cache
            Whether roads and minutes that were worked out before are used, and new ones kept.

        Raises
        ------
        BadData
            Where the plan or the data cannot be read.
        Disagreement
            Where the plan does not follow from the data.

        Examples
        --------
        >>> import partition as p
        >>> over = p.PlanOverData.open(Path("plan.gpkg"), p.read_scenario("county.toml"))
        >>> over.account.run.status
        'optimal'
        """
        from partition.scenario.case import load
        from partition.storage.read_back import account_of, refuse_judged
        from partition.storage.verify import verify

        stored = read_source(source, name)
        if searched:
            refuse_judged(stored)
        case = load(scenario, use_cache=use_cache)
        verdict = verify(stored, case)
        if not verdict.agrees:
            raise Disagreement(stored.name, verdict)
        return cls(stored=stored, case=case, account=account_of(stored, case.problem), use_cache=use_cache)

    def with_settings(self, table: str, settings: Mapping[str, object]) -> PlanOverData:
        """Return the same with other settings of a table that changes no plan, such as `report`."""
        changed = getattr(self.case.scenario, table).model_copy(update=dict(settings))
        scenario = self.case.scenario.model_copy(update={table: changed})
        return replace(self, case=replace(self.case, scenario=scenario))

    def scheme(self) -> Scheme:
        """Return the scheme around the plan, with its log of decisions."""
        from partition.scheme import scheme_of
        from partition.scheme.kept import log_of

        return scheme_of(self.case, self.account, log_of(self.stored), use_cache=self.use_cache)


def read_source(source: Path | bytes, name: str = "plan.gpkg") -> Stored:
    """Return what a plan file holds, from its path or from its bytes. Raises BadData where it cannot be used."""
    from partition.storage.plan_file import read_plan, stored_from

    return stored_from(source, name) if isinstance(source, bytes) else read_plan(source)
