"""A kept plan as its page shows it: read straight from the plan file's own tables, with no heavy library."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geodata.faults import BadData, Fault
from partition.project import PLAN


@dataclass(frozen=True, slots=True)
class PlanTables:
    """What a plan's page shows, read straight from the plan file's own tables."""

    run: Mapping[str, Any]
    partnerships: Sequence[Mapping[str, Any]]
    schools: Sequence[Mapping[str, Any]]
    decisions: Sequence[Mapping[str, Any]]  # how far partnerships have come, in the order of their days

    @property
    def stages(self) -> dict[int, str]:
        """Where each partnership stands on which anything is decided."""
        return {row["partnership"]: row["stage"] for row in self.decisions}


def plan_tables(content: bytes) -> PlanTables:
    """A plan file's tables from its bytes, by SQLite alone: no geometry, and quick. Raises BadData where it is none."""
    file = sqlite3.connect(":memory:")
    try:
        file.deserialize(content)
        file.execute("PRAGMA trusted_schema=OFF")
        file.row_factory = sqlite3.Row
        run = {key: json.loads(value) for key, value in file.execute("SELECT key, value FROM run")}
        partnerships = [dict(row) for row in file.execute("SELECT * FROM partnerships ORDER BY number")]
        schools = [dict(row) for row in file.execute("SELECT * FROM schools ORDER BY urn")]
        logged = file.execute("SELECT 1 FROM sqlite_master WHERE name = 'stages'").fetchone()
        decisions = [dict(row) for row in file.execute("SELECT * FROM stages ORDER BY day, rowid")] if logged else []
    except (sqlite3.Error, ValueError, TypeError) as wrong:
        raise BadData([Fault(file=PLAN, fix=f"it is not a plan that can be read ({wrong})")]) from None
    finally:
        file.close()
    return PlanTables(run, partnerships, schools, decisions)
