"""The scheme's guide names settings that exist."""

from __future__ import annotations

import re
from pathlib import Path

from partition.settings.scenario import Scenario

GUIDE = Path(__file__).parents[2] / "notebooks" / "scheme.md"


def test_every_setting_of_the_guide_is_one() -> None:
    tables = Scenario.model_fields
    named = re.findall(r"`([a-z]+)\.([a-z_]+)`", GUIDE.read_text(encoding="utf-8"))
    assert len(named) > 30
    strange = [f"{table}.{key}" for table, key in named if key not in tables[table].annotation.model_fields]  # type: ignore[union-attr]
    assert strange == []
