"""A plan's map in a language: what asks for it, what keeps it, and what it leaves as it was."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from atlases import county_atlas, village_atlas
from town import write_town

from geodata.faults import BadData
from partition.actions.map import draw_again
from partition.actions.plan import write_plan_and_map
from partition.formats.language import language_of
from partition.maps.atlas import draw_atlas
from partition.maps.page import plan_map
from partition.plans.account import Account
from partition.plans.propose import propose
from partition.scenario.case import Case, load
from partition.scenario.read import read_scenario
from partition.solver import Limits
from partition.storage.plan_file import read_plan
from partition.storage.read_back import read_back

WELSH = language_of("cy")


def html(atlas: object) -> str:
    return str(plan_map(atlas).get_root().render())  # type: ignore[arg-type]


def planned(folder: Path, *settings: str) -> tuple[Case, Account]:
    folder.mkdir(exist_ok=True)
    path = write_town(folder, 0, 3, 6, 10, settings="[map]\nworld = false\n")
    case = load(read_scenario(path, settings))
    return case, propose(case.problem, Limits(workers=1))


def test_a_page_in_english_carries_no_catalogue_and_marks_nothing():
    page = html(village_atlas())
    assert page.startswith('<!DOCTYPE html>\n<html lang="en-GB">')
    body = page.partition("<body>")[2]
    assert "catalogue" not in body and ' lang="' not in body and "unreviewed" not in body


def test_a_page_in_welsh_carries_what_its_scripts_say_and_is_the_same_twice():
    english, welsh = html(county_atlas()), html(replace(county_atlas(), language=WELSH))
    assert welsh == html(replace(county_atlas(), language=WELSH))
    assert '<html lang="cy">' in welsh and ' lang="en"' in welsh
    carried = json.loads(re.search(r'id="catalogue">(.*?)</script>', welsh, re.DOTALL)[1])
    assert carried["Close"] == "Cau" and len(carried["{n} head"]) == 6
    assert len(welsh.encode()) - len(english.encode()) < 20_000


def test_one_process_draws_a_plan_in_two_languages(tmp_path: Path):
    case, account = planned(tmp_path)
    atlases = [draw_atlas(case, account, language=language_of(code)) for code in ("en", "cy", "en")]
    assert [atlas.status for atlas in atlases[:2]] == ["Modelling, not a proposal", "Modelu, nid cynnig"]
    assert [atlas.figures[0][0] for atlas in atlases[:2]] == ["Partnerships", "Partneriaethau"]
    pages = [html(atlas) for atlas in atlases]
    assert pages[0] == pages[2] != pages[1]


def test_what_the_user_wrote_stays(tmp_path: Path):
    case, account = planned(tmp_path, "map.title=School", "map.status=Agreed", "map.language=cy")
    atlas = draw_atlas(case, account, language=WELSH)
    assert (atlas.title, atlas.status) == ("School", "Agreed")


def test_the_setting_decides_and_the_plan_file_keeps_it(tmp_path: Path):
    written, stored = {}, {}
    for code in ("en", "cy"):
        case, account = planned(tmp_path / code, f"map.language={code}")
        files = write_plan_and_map(case, account, tmp_path / code / "out")
        written[code] = Path(files["map"]).read_text(encoding="utf-8")
        stored[code] = read_plan(Path(files["plan"]))
    assert '<html lang="en-GB">' in written["en"] and '<html lang="cy">' in written["cy"]
    assert stored["en"].run["digest"] == stored["cy"].run["digest"]
    assert "map" not in stored["en"].run["scenario"]
    back = read_back(stored["cy"])
    again = draw_again(stored["cy"], back, back.account)
    assert again.language is WELSH and again.figures[0][0] == "Partneriaethau"


def test_a_language_without_a_catalogue_is_a_fault_that_names_those_there_are(tmp_path: Path):
    path = write_town(tmp_path, 0, 3)
    with pytest.raises(BadData) as refusal:
        read_scenario(path, ["map.language=fr"])
    (fault,) = refusal.value.faults
    assert fault.column == "map.language" and "'en' or 'cy'" in str(fault)
