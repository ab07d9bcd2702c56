"""What the register says of schools of every phase, and of resource bases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from identifiers import ints

from geodata.schools import read_schools

HEADINGS = (
    "URN,LA (code),LA (name),EstablishmentName,EstablishmentStatus (name),PhaseOfEducation (name),"
    "TypeOfEstablishment (name),EstablishmentTypeGroup (name),NumberOfPupils,Easting,Northing,"
    "TypeOfResourcedProvision (name)"
)
REAL = Path(__file__).parents[2].parent / "shared" / "data" / "gias_lincolnshire_2025-07.csv"
SPECIAL = "Special schools"


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """Of 3 and 4, both special schools, one is independent; 5 is a college, and 6 is closed."""
    rows = [
        (1, "Open", "Primary", "Community school", "Local authority maintained schools", "SEN unit"),
        (2, "Open", "Secondary", "Academy converter", "Academies", "Resourced provision and SEN unit"),
        (3, "Open", "Not applicable", "Community special school", SPECIAL, "Resourced provision"),
        (4, "Open", "Not applicable", "Other independent special school", SPECIAL, "Not applicable"),
        (5, "Open", "16 plus", "Further education", "Colleges", ""),
        (6, "Closed", "Primary", "Community school", "Local authority maintained schools", ""),
        (7, "Open", "Primary", "Academy converter", "Academies", "Not applicable"),
        (8, "Open", "Primary", "Academy converter", "Academies", ""),
    ]
    lines = [
        f"{urn},925,Shire,School {urn},{status},{phase},{kind},{group},90,{500_000 + urn},350000,{base}"
        for urn, status, phase, kind, group, base in rows
    ]
    path = tmp_path / "gias.csv"
    path.write_text("\n".join([HEADINGS, *lines]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, [1, 7, 8]),
        ({"phases": ["all"]}, [1, 2, 3, 7, 8]),  # special schools too, where the state pays
        ({"also": [2, 3]}, [1, 2, 3, 7, 8]),  # named ones, whatever their phase
        ({"also": [4, 5, 6]}, [1, 7, 8]),  # but no independent, further or closed one
    ],
)
def test_every_phase_can_be_taken_and_named_schools_of_any(
    register: Path, asked: dict[str, Any], expected: list[int]
) -> None:
    assert ints(read_schools(register, **asked).frame.index.tolist()) == expected


def test_a_resource_base_is_made_out_where_it_is_asked_for(register: Path, tmp_path: Path) -> None:
    def read(**more: Any) -> dict[int, str]:
        schools = read_schools(register, phases=["all"], keep=["special_resource"], **more)
        return dict(schools.frame["special_resource"].to_dict())

    assert ints(read()) == {1: "yes", 2: "yes", 3: "yes", 7: "no", 8: ""}
    (tmp_path / "own.csv").write_text("urn,special_resource\n8,yes\n", encoding="utf-8")
    assert ints(read(join=[tmp_path / "own.csv"])) == {1: "", 2: "", 3: "", 7: "", 8: "yes"}  # a council knows better
    assert "special_resource" not in read_schools(register).frame


@pytest.mark.real_data
@pytest.mark.skipif(not REAL.exists(), reason="the real county file is not beside the project")
def test_the_send_cluster_preset_reads_the_real_register() -> None:
    """Five schools of Lincolnshire are listed with a base, all of them special schools."""
    from partition.scenario.case import load
    from partition.scenario.read import read_scenario

    case = load(read_scenario("preset:send-cluster", [f"data.schools={REAL.as_posix()}", "data.local_authority=925"]))
    area = case.problem.area
    bases = [urn for urn, said in zip(area.urns, area.columns["special_resource"], strict=True) if said == "yes"]
    assert ints(bases) == [131277, 142308, 142309, 142666, 142667]
    assert case.problem.roster.small_schools == len(area)
