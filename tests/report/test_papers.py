"""`partnerships report`: what stands in which paper, for whom, and that the figures are the plan's own."""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document
from identifiers import ints
from pypdfium2 import PdfDocument
from reading import formulas, pages_of, words_of
from town import write_csv, write_town
from tried import COMPLETE, IN_PAPERS
from typer.testing import CliRunner, Result

from partition.cli import app
from partition.report.record import ANSWERS
from partition.report.standard import FIELDS

REASON, KIND, SOURCE, ANSWERED = "PLANTEDREASON", "PLANTEDKIND", "PLANTEDSOURCE", "2026-11-03"
PLANTED = (REASON, KIND, SOURCE, ANSWERED, "900001, 900004")
PAPERS = [
    "map.html",
    "map.png",
    "map_a3.pdf",
    "map_a4.pdf",
    "report.docx",
    "report.pdf",
    "transparency_record.docx",
    "transparency_record.pdf",
    "workbook.xlsx",
]
SETTINGS = f"""
answers = "answers.csv"

[rules]
heads_min = 3
heads_max = 4
minutes_max = 15
except_in = [900003]
except_out = [900009]
associates = [900010]
except_reasons = {{900003 = "{REASON}", 900009 = "{REASON}"}}

[solve]
seconds = 600

[money]
source = "by hand"
per_partnership = 100000
start_per_school = 20000
lump_sums = "lump.csv"
pounds_per_head_hour = 30

[advisers]
people = "advisers.csv"

[posts]
business_manager = {{fte = 0.5, source = "by hand"}}
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nine small schools along a road and two larger ones; links, today's groups, answers, exceptions, advisers.

    900001 and 900004 work together; 900008 said no; 900009 is far off and named as not taking part.
    """
    folder = tmp_path_factory.mktemp("papers")
    path = write_town(
        folder,
        *(0, 3, 6, 9, 30, 33, 36, 34, 80, 7, 12),
        pupils=[40, 60, 230, 110, 90, 80, 70, 100, 50, 300, 400],
        today={"Fen": ["900001", "900005"], "Wold": ["900006", "900007"]},
        settings=SETTINGS.replace("\nanswers", 'links = "with.csv"\nanswers', 1),
    )
    links = [("900001", "900004", 1, KIND, SOURCE, "yes"), ("900002", "900006", 1, KIND, SOURCE, "yes")]
    write_csv(folder / "with.csv", ["urn_a", "urn_b", "weight", "kind", "source", "agreed"], links)
    said = [("900008", "no", ANSWERED), ("900001", "yes", ANSWERED)]
    write_csv(folder / "answers.csv", ["urn", "answer", "date"], said)
    write_csv(folder / "lump.csv", ["urn", "lump_sum"], [("900001", "90000"), ("900005", "115000.50")])
    desks = [("=A1+1", "County Hall", 503_000, 350_000, 1), ("*", "Wold House", 533_000, 350_000, 1)]
    write_csv(folder / "advisers.csv", ["adviser", "office", "easting", "northing", "caseload"], desks)
    for kind, more in {"public": [], "internal": ["--internal"]}.items():
        assert run("plan", path, "--out", folder / kind, *more).exit_code == 0
        plan = folder / kind / "plan.gpkg"
        for number, stage in ((1, "approved"), (2, "negotiated")):
            assert run("stage", plan, number, stage, "--date", "2027-03-01", "--costs", 70_000).exit_code == 0
    return folder


def write(town: Path, out: Path, *more: object, kind: str = "public") -> Result:
    return run("report", town / kind / "plan.gpkg", town / "town.toml", "--out", out, *more)


@pytest.fixture(scope="module")
def public(town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("public")
    done = write(town, out, "--school-sheets-from", "approved", "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told["marks"] == ["DRAFT", "Modelling, not a proposal"]
    assert set(told["to_be_completed"]) == set(IN_PAPERS) - {"report.background"}
    return out


@pytest.fixture(scope="module")
def internal(town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("internal")
    more = ("--final", "--date", "2027-03-05", "--school-sheets-from", "negotiated", "--internal")
    assert write(town, out, *more, *COMPLETE, kind="internal").exit_code == 0
    return out


def table(path: Path, sheet: str) -> list[dict[str, object]]:
    """A sheet's rows by their headings, values as worked out."""
    rows = list(openpyxl.load_workbook(path, data_only=True)[sheet].values)
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


# Which papers there are -------------------------------------------------------------------------------------


def test_every_paper_is_written_and_sheets_only_from_the_stage_named(public: Path, internal: Path) -> None:
    assert sorted(path.name for path in public.iterdir()) == sorted([*PAPERS, "schools"])
    first = [f"{urn}.pdf" for urn in ("900001", "900002", "900003", "900004")]
    assert sorted(path.name for path in (public / "schools").iterdir()) == first
    assert len(list((internal / "schools").iterdir())) == 7


def test_without_a_stage_no_school_gets_a_sheet_and_a_wrong_one_is_told(town: Path, tmp_path: Path) -> None:
    assert write(town, tmp_path).exit_code == 0
    assert not (tmp_path / "schools").exists()
    wrong = write(town, tmp_path / "other", "--school-sheets-from", "agreed")
    assert (wrong.exit_code, "heads of agreement signed" in wrong.stderr) == (2, True)


def test_a_final_paper_is_dated(town: Path, tmp_path: Path) -> None:
    refused = write(town, tmp_path / "out", "--final")
    assert (refused.exit_code, "--date" in refused.stderr) == (2, True)
    assert not (tmp_path / "out").exists()


def test_a_final_paper_is_complete_and_each_setting_missing_is_named_at_once(town: Path, tmp_path: Path) -> None:
    final = ("--final", "--date", "2027-03-05")
    blank = ("--set", 'report.legal=" "', "--set", 'report.wards=[""]')  # is nothing
    refused = write(town, tmp_path / "out", *final, *blank, "--set", 'report.to="Cabinet"')
    needed = {key for key in IN_PAPERS if key not in ("report.to", "report.background")}
    assert refused.exit_code == 3 and set(re.findall(r"^report\.\w+", refused.stderr, re.M)) == needed
    wrong = write(town, tmp_path / "out", *final, *COMPLETE, "--set", "report.preferred=C")
    assert wrong.exit_code == 3 and "no option is C: they are A to B" in wrong.stderr
    badly = write(town, tmp_path / "out", "--set", "report.preferred=this one")
    assert badly.exit_code == 3 and "give the letter of an option, such as B" in badly.stderr
    assert not (tmp_path / "out").exists()


def test_a_draft_names_the_setting_of_each_gap_and_a_final_paper_has_none(public: Path, internal: Path) -> None:
    drafts, finals = (
        " ".join(pages_of(out / "report.pdf") + pages_of(out / "transparency_record.pdf")) for out in (public, internal)
    )
    for key in IN_PAPERS:
        assert (key in drafts) == (key != "report.background"), key
    assert "completed" not in finals and "Preferred: option B. The plan in this report." in finals
    assert "Internal: not for publication" in finals and "Open to everybody" not in finals  # this copy is not public


def test_same_plan_same_bytes(public: Path, town: Path, tmp_path: Path) -> None:
    assert write(town, tmp_path, "--school-sheets-from", "approved").exit_code == 0
    for name in (*PAPERS, "schools/900001.pdf"):
        assert (tmp_path / name).read_bytes() == (public / name).read_bytes(), name


def test_from_the_plan_file_alone(town: Path, tmp_path: Path) -> None:
    other = town / "internal/plan.gpkg"
    plan = town / "public/plan.gpkg"
    done = run("report", plan, "--out", tmp_path, "--option", other, "--set", 'report.to="Schools Forum"')
    assert (done.exit_code, done.stderr) == (0, "")
    words = " ".join(pages_of(tmp_path / "report.pdf"))
    assert "Schools Forum" in words and "C. internal/plan" in words
    assert "the plan file alone cannot cost it" in words
    rates = {row["Rate"]: row["Pounds"] for row in table(tmp_path / "workbook.xlsx", "Rates")}
    assert rates["Each partnership a year"] == 100_000
    wrong = run("report", plan, "--set", "rules.minutes_max=25", "--out", tmp_path / "no")
    assert (wrong.exit_code, "the plan is what it is" in wrong.stderr) == (2, True)
    refused = run("report", plan, "--internal", "--out", tmp_path / "no")
    assert (refused.exit_code, "does not hold who works with whom" in refused.stderr) == (3, True)


def test_a_text_of_the_author_is_its_paragraphs_and_a_blank_one_a_gap(town: Path, tmp_path: Path) -> None:
    texts = (
        "--set",
        r'report.legal="First.\n\n  Second."',
        "--set",
        'report.climate="  "',
        "--set",
        'report.wards=[" "]',
    )
    assert run("report", town / "public/plan.gpkg", "--out", tmp_path, *texts).exit_code == 0
    words = " ".join(pages_of(tmp_path / "report.pdf"))
    assert "12.2 First. 12.3 Second. 13. Risk" in words
    assert "(report.climate)]" in words and "[to be completed: report.wards]" in words


def test_what_only_the_author_knows_stands_where_it_was_to_be_completed(town: Path, tmp_path: Path) -> None:
    assert run("report", town / "public/plan.gpkg", "--out", tmp_path, *COMPLETE).exit_code == 0
    words = " ".join(pages_of(tmp_path / "report.pdf") + pages_of(tmp_path / "transparency_record.pdf"))
    for value in IN_PAPERS.values():
        for one in value.strip("[]").split(", " if value.startswith("[") else "\n"):
            assert one.strip('"') in words, value


# For whom ---------------------------------------------------------------------------------------------------


def test_every_page_says_what_it_is(public: Path, internal: Path) -> None:
    for path in sorted(public.rglob("*.pdf")):
        assert all("DRAFT" in page and "Modelling, not a proposal" in page for page in pages_of(path)), path
    for path in sorted(internal.rglob("*.pdf")):
        for page in pages_of(path):
            assert "Internal: not for publication" in page and "DRAFT" not in page, path
    for out, mark in ((public, "DRAFT"), (internal, "Internal: not for publication")):
        for name in ("report.docx", "transparency_record.docx", "workbook.xlsx"):
            assert mark in words_of(out / name), name


def test_public_papers_hold_no_link_no_answer_and_no_reason(public: Path, internal: Path) -> None:
    said = {path: words_of(path) for path in sorted(public.rglob("*")) if path.is_file()}
    for path, words in said.items():
        assert not [planted for planted in PLANTED if planted in words], path
        assert "URN a" not in words, path
    within = words_of(internal / "workbook.xlsx")
    assert REASON in within and ANSWERED in within
    links = table(internal / "workbook.xlsx", "Working links")
    assert [(row["URN a"], row["URN b"], row["Working link"]) for row in links] == [
        ("900001", "900004", "kept"),
        ("900002", "900006", "parted"),
    ]
    assert REASON in words_of(internal / "report.docx")
    assert "Who works with whom" in " ".join(pages_of(internal / "report.pdf"))


# What is in them --------------------------------------------------------------------------------------------


def test_formulas_come_to_the_plans_own_figures(public: Path, internal: Path) -> None:
    for out in (public, internal):
        found = list(formulas(out / "workbook.xlsx"))
        assert len(found) > 60
        assert {where: shown for where, _, shown, _ in found} == pytest.approx({w: value for w, _, _, value in found})


def test_the_workbook_counts_as_the_plan_does(public: Path) -> None:
    rows = table(public / "workbook.xlsx", "Partnerships")
    shown = ("Partnership", "Stage", "Heads", "Schools", "Small schools", "Number on roll", "Adviser")
    assert ints([tuple(row[name] for name in shown[1:]) for row in rows[:2]]) == [
        ("approved", 4, 4, 4, 440, "=A1+1"),
        ("negotiated", 3, 3, 3, 240, "*"),
    ]
    advisers = {
        row["Adviser"]: (row["Partnerships"], row["Schools"]) for row in table(public / "workbook.xlsx", "Advisers")
    }
    assert advisers["=A1+1"] == (1, 4) and advisers["*"] == (1, 3)


def test_money_agrees_everywhere(public: Path, town: Path) -> None:
    """Two at £100,000; 4 and 3 schools at £20,000; the first has reached approval, when the start is paid."""
    first, second, total = table(public / "workbook.xlsx", "Money")[:3]
    assert (first["To start"], first["Paid so far"], second["Paid so far"]) == (80_000, 80_000, 0)
    assert (total["First year in all"], total["Paid so far"], total["Still to come"]) == (
        340_000,
        80_000,
        260_000,
    )
    assert (total["Lump sums, as imported"], total["Schools with lump sums"]) == (205_000.50, 2)
    words = " ".join(pages_of(public / "report.pdf"))
    assert re.search(r"All that have not left 7 £140,000 £200,000 £340,000 £200,000 £80,000", words)
    assert "Lump sums by formula of 2 schools, as imported: £205,000.50 a year" in words
    assert "Sparsity is imported only: it turns on where pupils live, which is not known here" in words


def test_days_of_decisions_are_days_to_a_spreadsheet(public: Path) -> None:
    for sheet, heading in (("Decisions", "Day"), ("Partnerships", "Since"), ("Ledger", "Due on")):
        assert table(public / "workbook.xlsx", sheet)[0][heading] == datetime(2027, 3, 1), sheet


def test_the_report_has_the_parts_that_council_reports_have_in_their_order(public: Path) -> None:
    words = " ".join(pages_of(public / "report.pdf"))
    parts = (
        "Report to:",
        "Public or exempt:",
        "Wards affected:",
        "Key decision:",
        "1. Summary",
        "Partnerships are voluntary. No school is closed",
        "2. Actions required",
        "3. Background",
        "Table 1: Schools by number on roll",
        "4. The partnerships",
        "Figure 1: Where the partnerships are",
        "5. What changes from today",
        "5.1 4 schools that can take part",
        "6. Schools not yet placed",
        "7. Options",
        "A. Do nothing",
        "8. Alternatives rejected",
        "9. Conclusion",
        "10. Consultation",
        "11. Financial implications",
        "12. Legal implications",
        "13. Risk implications",
        "14. Equality and travel",
        "15. Climate",
        "16. Background papers",
        "Appendix A: The schools",
        "Appendix B: How the plan was made",
        "B.2 How sure: Proven best: no plan leaves fewer small schools unplaced",
        "15 minutes apart",
        "Appendix C: Data",
    )
    places = [words.find(part) for part in parts]
    assert [part for part, place in zip(parts, places, strict=True) if place < 0] == []
    assert places == sorted(places)
    assert "Fen 2 1 in 1" in words  # one school of today's Fen is in each partnership
    with zipfile.ZipFile(public / "report.docx") as parts_of:
        body = parts_of.read("word/document.xml").decode()
    assert "w:tblHeader" in body and 'descr="Map of 2 numbered partnerships' in body


def test_a_report_in_word_has_properties_styles_and_a_watermark(public: Path, internal: Path) -> None:
    draft, final = (Document(str(out / "report.docx")) for out in (public, internal))
    properties = final.core_properties
    assert (properties.title, properties.author) == ("School partnerships", "Director of Education")
    assert properties.subject == "Report to Schools Forum"
    held = PdfDocument(internal / "report.pdf").get_metadata_dict()
    assert (held["Title"], held["Author"], held["Subject"]) == (
        properties.title,
        properties.author,
        properties.subject,
    )
    styles = {paragraph.text: paragraph.style.name for paragraph in final.paragraphs}
    assert styles["Table 1: Schools by number on roll"] == styles["Figure 1: Where the partnerships are"] == "Caption"
    assert styles["1. Summary"] == styles["Appendix A: The schools"] == "Heading 1"
    assert styles["9.1\tPartnerships help"] == "Numbered paragraph" and styles["That it be noted"] == "List Bullet"
    headers = [document.sections[0].header._element.xml for document in (draft, final)]
    assert ['<v:textpath style="font-family:' in xml and 'string="DRAFT"' in xml for xml in headers] == [True, False]


def test_the_same_words_stand_in_word_and_in_pdf(public: Path, internal: Path) -> None:
    """All words of one are in the other, as often; the PDF's map is text too, and its tables' headings come again."""
    for out in (public, internal):
        for name in ("report", "transparency_record"):
            document, pages = Document(str(out / f"{name}.docx")), pages_of(out / f"{name}.pdf")
            word, pdf = Counter(words_in(body_of(document))), Counter(words_in(" ".join(pages)))
            assert not word - pdf, name
            section = document.sections[0]
            around = " ".join(part.paragraphs[0].text for part in (section.header, section.footer))
            each_page = Counter(words_in(f"{around} of DRAFT")) + Counter(map(str, range(1, len(pages) + 1)))
            on_map = {*words_in(" ".join(pages_of(out / "map_a4.pdf")))} if name == "report" else set()
            headings = words_in(" ".join(cell.text for table in document.tables for cell in table.rows[0].cells))
            assert set(pdf - word) <= {*each_page, *on_map, *headings}, name
            assert sum(word.values()) > 500


def body_of(document: Any) -> str:
    """A document's words in order: paragraphs and tables."""
    parts = [paragraph.text for paragraph in document.paragraphs]
    parts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(parts)


def words_in(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


def test_a_correction_is_shown_in_every_paper(town: Path, tmp_path: Path) -> None:
    corrected = ("--set", "data.pupils={900001 = 41}")
    assert run("plan", town / "town.toml", *corrected, "--out", tmp_path).exit_code == 0
    done = run("report", tmp_path / "plan.gpkg", town / "town.toml", *corrected, "--out", tmp_path / "papers")
    assert done.exit_code == 0
    report, record = (" ".join(pages_of(tmp_path / f"papers/{n}.pdf")) for n in ("report", "transparency_record"))
    assert "1a School 900001 (41, corrected)" in report and "School 900001 40 41" in report
    assert "School 900001: 40 in the file, 41 as corrected" in record
    assert "corrected" in words_of(tmp_path / "papers/workbook.xlsx").casefold()


def test_the_record_has_every_field_of_the_standard_in_its_order(public: Path) -> None:
    assert [number for fields in FIELDS.values() for number in fields] == list(ANSWERS)
    document = Document(str(public / "transparency_record.docx"))
    there = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Heading 2"]
    assert there == [f"{number} {name}" for fields in FIELDS.values() for number, name in fields.items()]
    words = " ".join(pages_of(public / "transparency_record.pdf"))
    assert "version 4.0" in words and "used here from the command line" in words
    assert "schools.csv, SHA-256" in words and "No machine learning" in words


def test_papers_are_tagged_for_screen_readers_and_maps_are_vectors(public: Path) -> None:
    assert b"/StructTreeRoot" in (public / "report.pdf").read_bytes()
    for name in ("map_a4.pdf", "map_a3.pdf"):
        assert b"/Subtype /Image" not in (public / name).read_bytes()


def test_a_school_reads_its_own_sheet(public: Path) -> None:
    (page,) = pages_of(public / "schools/900002.pdf")
    for words in (
        "School 900002",
        "approved, 1 March 2027",
        "Taking part is voluntary",
        "School 900004 110",
        "Adviser: =A1+1.",
    ):
        assert words in page, words
    assert "Partnership business manager" in page
    assert "At your school by the rota: meeting 3 of 6." in page  # by turn, every second one online
    assert "first year: £180,000 in all: £80,000 to start and £100,000 for the year." in page
    assert "Each later year: £100,000." in page and "Paid so far: £80,000." in page


def test_groups_as_they_are_and_a_plan_of_none_have_papers_too(town: Path, tmp_path: Path) -> None:
    assert run("judge", town / "town.toml", "--out", tmp_path).exit_code == 0
    assert run("report", tmp_path / "judged.gpkg", town / "town.toml", "--out", tmp_path / "judged").exit_code == 0
    words = " ".join(pages_of(tmp_path / "judged/report.pdf"))
    assert "judged as they are" in words and "2 heads, fewer than 3" in words
    none = ["--set", "rules.minutes_max=1", "--set", "map.status="]
    dated = ["--final", "--date", "2027-03-05", *COMPLETE]
    assert run("plan", town / "town.toml", *none, "--out", tmp_path).exit_code == 0
    assert (
        run("report", tmp_path / "plan.gpkg", town / "town.toml", *none, *dated, "--out", tmp_path / "none").exit_code
        == 0
    )
    assert "This report shows 0 partnerships" in " ".join(pages_of(tmp_path / "none/report.pdf"))
    assert len(list(formulas(tmp_path / "none/workbook.xlsx"))) > 5


def test_a_map_goes_to_print_with_its_page(town: Path, tmp_path: Path) -> None:
    assert run("map", town / "public/plan.gpkg", "--print", "--out", tmp_path).exit_code == 0
    names = ["plan_map.html", "plan_map.png", "plan_map_a3.pdf", "plan_map_a4.pdf"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert "School 900003" in pages_of(tmp_path / "plan_map_a3.pdf")[0]
