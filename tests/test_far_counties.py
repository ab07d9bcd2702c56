"""Made-up counties of five countries go from their files to a proven plan, a map and papers, by command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from far_counties import FAR_COUNTIES
from typer.testing import CliRunner

from partition.cli import app
from partition.storage.plan_file import read_plan


@pytest.mark.parametrize("name", FAR_COUNTIES)
def test_from_files_to_a_proven_plan_a_map_and_papers(name: str, tmp_path: Path) -> None:
    county = FAR_COUNTIES[name](tmp_path)
    words = ["plan", "--schools", str(county.schools), "--out", str(tmp_path), "--json", "--set", "solve.workers=1"]
    if county.postcodes is not None:
        words += ["--set", f"data.postcodes={json.dumps([str(county.postcodes)])}"]
    planned = CliRunner().invoke(app, words)
    assert planned.exit_code == 0, planned.output
    told = json.loads(planned.stdout)
    assert (told["status"], told["partnerships"], told["schools"], told["unplaced"]) == ("optimal", 3, 12, [])

    schools = read_plan(tmp_path / "plan.gpkg").tables["schools"].to_crs(4326)
    first = schools[schools["urn"] == county.first].geometry.iloc[0]
    assert (first.x, first.y) == pytest.approx((county.longitude, county.latitude), abs=2e-4)
    assert f'["{county.town}",[' in (tmp_path / "map.html").read_text("utf-8")

    papers = CliRunner().invoke(app, ["report", str(tmp_path / "plan.gpkg"), "--out", str(tmp_path / "papers")])
    assert papers.exit_code == 0, papers.output
    assert (tmp_path / "papers" / "report.pdf").read_bytes().startswith(b"%PDF")
    assert CliRunner().invoke(app, ["verify", str(tmp_path / "plan.gpkg")]).exit_code == 0
