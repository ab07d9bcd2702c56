"""The scripts of pages and maps: one copy of everything, whether a page imports it or a map carries it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

import partition
from partition.maps.offline import COMMON, scripts, text_of
from partition.maps.page import Kind

ROOT = Path(partition.__file__).parent
OURS = sorted(path for path in ROOT.glob("*/static/*.js") if path.name != "leaflet.js")
NAMED = re.compile(r"^(?:export )?(?:async )?(?:function|class|const|let) (\w+)", flags=re.MULTILINE)
IMPORTED = re.compile(r'import \{([^}]*)\} from "\./([^"]+)";')


def named(path: Path) -> list[str]:
    return NAMED.findall(path.read_text(encoding="utf-8"))


def test_a_name_means_one_thing_in_all_scripts():
    places: dict[str, list[str]] = {}
    for path in OURS:
        for name in named(path):
            places.setdefault(name, []).append(path.name)
    assert {"el", "svgEl", "plain", "say", "PlanView"} <= set(places)
    twice = {name: where for name, where in places.items() if len(where) > 1}
    assert twice.keys() <= {"ROOM"}, twice  # each chart's own margins, in modules that no page joins to one script


def test_every_import_names_what_is_there():
    """And pages import from maps what all may use, and nothing else; maps never from pages."""
    seen = 0
    for path in OURS:
        for names, other in IMPORTED.findall(path.read_text(encoding="utf-8")):
            beside = path.with_name(other)
            assert beside.exists() or (path.parent.parent.name == "web" and other in COMMON), f"{path}: {other}"
            exporting = beside.read_text(encoding="utf-8") if beside.exists() else text_of(other)
            for name in filter(None, (one.strip() for one in names.split(","))):
                assert re.search(rf"^export .*\b{name}\b", exporting, flags=re.MULTILINE), f"{path}: {name}"
                seen += 1
    assert seen > 50


@pytest.mark.parametrize("kind", get_args(Kind))
def test_a_map_carries_each_script_once_after_what_it_needs(kind: str):
    _, _, ours = scripts(kind).partition("(() => {\n")
    assert not re.search(r"^(import|export)\b", ours, flags=re.MULTILINE)
    defined = NAMED.findall(ours)
    assert len(defined) == len(set(defined))
    last = f"{kind.capitalize()}View"
    assert set(named(ROOT / "maps/static/view.js")) <= set(defined) and last in defined
    assert defined.index("el") < defined.index("View") < defined.index(last)
