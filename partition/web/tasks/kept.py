"""A kept plan over its data again, which every study of it begins with."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from geodata.faults import BadData, Fault
from partition.web.tasks.order import Order, Tell, load_case, project_of

if TYPE_CHECKING:
    from partition.plans.account import Account
    from partition.scenario.case import Case
    from partition.scheme import Scheme
    from partition.storage.plan_file import Stored
    from partition.storage.project_file import Kept, Project


@dataclass(frozen=True)
class Study:
    """A kept plan as its study sees it: what was kept, and the plan over its data read again."""

    project: Project
    kept: Kept
    stored: Stored
    case: Case
    account: Account

    @property
    def scheme(self) -> Scheme:
        """The scheme around the plan, with its log of decisions."""
        from partition.scheme import scheme_of
        from partition.scheme.kept import log_of

        return scheme_of(self.case, self.account, log_of(self.stored))

    def with_settings(self, table: str, settings: Mapping[str, object]) -> Study:
        """The same with other settings of a table that changes no plan, such as `report`."""
        changed = getattr(self.case.scenario, table).model_copy(update=dict(settings))
        scenario = self.case.scenario.model_copy(update={table: changed})
        return replace(self, case=replace(self.case, scenario=scenario))

    def keep_files(self, files: Mapping[str, bytes], *, instead_of: str = "") -> None:
        """Keep what the study wrote beside the plan, in place of what an earlier one did in the folder `instead_of`."""
        self.project.add_files(self.kept.id, files, instead_of=instead_of)


def kept_plan(project: Project, number: int | None) -> Kept:
    """A plan by its number. Raises BadData where it was removed."""
    kept = None if number is None else project.plan(number)
    if kept is None:
        raise BadData([Fault(file="project", value=number or "", fix="there is no such plan any more")])
    return kept


def stored_from(content: bytes | None) -> Stored:
    """A plan from the bytes of its file. Raises BadData where they are none."""
    from partition.storage.plan_file import read_plan
    from partition.storage.project_file import PLAN

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / PLAN
        path.write_bytes(content or b"")
        return read_plan(path)


def files_in(folder: Path, where: str) -> dict[str, bytes]:
    """Every file in a folder, by the name under which a project keeps it."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {f"{where}/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in paths}


def study_of(order: Order, tell: Tell, *, searched: bool = True) -> Study:
    """The plan `order.plan` over its data. Raises BadData where they do not agree any more.

    With `searched`, so too where it is groups that were judged, which no search stands behind.
    """
    from partition.storage.project_file import PLAN
    from partition.storage.read_back import account_of, refuse_judged
    from partition.storage.verify import verify

    project = project_of(order)
    kept = kept_plan(project, order.plan)
    stored = stored_from(project.file(kept.id, PLAN))
    if searched:
        refuse_judged(stored)
    case = load_case(replace(order, scenario=kept.scenario), tell)
    verdict = verify(stored, case)
    if not verdict.agrees:
        words = "; ".join([*verdict.wrong, *verdict.as_sealed])
        fix = f"the data are not as they were when this plan was made ({words}); find a plan again with its settings"
        raise BadData([Fault(file=kept.name, fix=fix)])
    return Study(project, kept, stored, case, account_of(stored, case.problem))
