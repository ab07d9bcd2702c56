"""The scenario file: strictly read, and no setting is accepted and then ignored."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import geopandas
import pytest
from identifiers import ints
from shapely import LineString, box
from town import write_csv, write_town
from tried import FEDERATIONS, IN_PAPERS, TRIED
from typer.testing import CliRunner

from geodata.faults import BadData
from geodata.roads.speeds import OUR_TABLE
from partition.cli import app
from partition.formats.language import language_of
from partition.maps.atlas import draw_atlas
from partition.maps.content import Atlas
from partition.plans.account import Account
from partition.plans.judge import judge
from partition.scenario.case import Case, load
from partition.scenario.read import read_scenario
from partition.scenario.template import template
from partition.settings.scenario import Scenario
from partition.solver import Limits, solve

REGISTER = [
    "URN",
    "EstablishmentName",
    "NumberOfPupils",
    "Easting",
    "Northing",
    "LA (code)",
    "LA (name)",
    "EstablishmentStatus (name)",
    "PhaseOfEducation (name)",
    "EstablishmentTypeGroup (name)",
]
MAINTAINED = ("Open", "Local authority maintained schools")


@dataclass(frozen=True)
class Answer:
    """Everything that a scenario comes to."""

    case: Case
    account: Account
    atlas: Atlas

    @property
    def groups(self) -> str:
        """Who is together, by the last digit of their URNs: "12 34"."""
        together = self.account.plan.partnerships
        return " ".join("".join(urn[-1] for urn in partnership.urns) for partnership in together)

    @property
    def heads(self) -> str:
        """Who is led by one head, in the same way."""
        return " ".join("".join(urn[-1] for urn in h.urns) for h in self.case.problem.roster.headships)


@cache  # many settings are seen against the same without them
def ask(path: Path, *settings: str) -> Answer:
    """Read, load, solve, draw: what the command does."""
    case = load(read_scenario(path, settings))
    run = solve(case.problem, Limits(seconds=600, workers=1))
    assert run.plan is not None
    account = Account(case.problem, run.plan, run=run)
    return Answer(case, account, draw_atlas(case, account))


def how(answer: Answer) -> str:
    """The first word of how minutes were come by."""
    return answer.case.problem.area.travel.words.split()[0]


ROADS = ("travel.roads={folder}/roads.gpkg",)


def ask_about_groups(path: Path, *settings: str) -> Answer:
    """Read, load, judge groups that part both of today's: for what is judged and not yet solved."""
    case = load(read_scenario(path, settings))
    account = judge(case.problem, {"900001": "A", "900002": "B", "900003": "A", "900004": "B"})
    return Answer(case, account, draw_atlas(case, account))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight schools on a road, a minute a km: 1 to 4, 5 to 8. Six are small; today's groups are 1, 2 and 3, 4."""
    folder = tmp_path_factory.mktemp("scenario")
    write_town(
        folder,
        *(0, 1, 2, 3, 10, 11, 12, 13),
        pupils=[50, 60, 70, 80, 90, 100, 250, 300],
        columns={
            "district": ["East"] * 3 + ["West"] * 5,
            "base": ["yes", "", "yes", "no", "yes", "no", "", ""],
            "roll": [55, 65, 75, 85, 95, 105, 115, 125],
            "partners": ["A", "A", "B", "", "", "", "", ""],
        },
        links="900002,900003,5",
        today={"Fen": ["900001", "900002"], "Wold": ["900003", "900004"]},
        settings="[rules]\nheads_min = 2\nheads_max = 3\n",
    )
    write_csv(folder / "extra.csv", ["urn", "answer"], [("900001", "agrees")])
    write_csv(folder / "said.csv", ["urn", "answer"], [("900001", "yes"), ("900005", "no")])
    headings = ["urn", "name", "easting", "northing", "pupils"]
    write_csv(folder / "wishes.csv", ["urn", "answer", "wishes"], [("900001", "yes", "900006")])
    write_csv(folder / "opening.csv", headings, [(900009, "New", 514_000, 350_000, 40)])
    write_csv(folder / "heads.csv", ["urn", "headship"], [("900001", "Fen"), ("900002", "Fen")])
    write_csv(folder / "earlier.csv", ["urn", "partnership"], [("990001", "Fen"), ("900002", "Fen")])
    write_csv(folder / "moved.csv", ["URN", "LinkURN", "LinkType"], [("990001", "900001", "Successor")])
    write_csv(folder / "works.csv", ["urn_a", "urn_b"], [("900001", "900006")])
    blank = [(900000 + n, f"S {n}", 500_000 + n * 1000, 350_000, "" if n == 3 else 90) for n in (1, 2, 3)]
    write_csv(folder / "blank.csv", headings, blank)
    write_csv(folder / "twice.csv", headings, [headings, *blank[:2]])
    far = [(900000 + n, f"S {n}", 500_000 + n * 1000, 350_000 + 200_000 * (n == 4), 90) for n in (1, 2, 3, 4)]
    write_csv(folder / "far.csv", headings, far)
    coded = [
        (900000 + n, f"S {n}", *((500_000 + n, 350_000) if n < 3 else ("", "")), 90, f"LN1 {n}AA") for n in (1, 2, 3)
    ]
    write_csv(folder / "coded.csv", [*headings, "postcode"], coded)
    write_csv(folder / "codes.csv", ["postcode", "easting", "northing"], [("ln13aa", 500_003, 350_000)])
    kura = ["School_Id", "Org_Name", "Org_Type", "Territorial_Authority", "Total", "Latitude", "Longitude"]
    kinds = ["Contributing", "Full Primary", "Secondary"]
    write_csv(
        folder / "kura.csv", kura, [(n, f"K {n}", kinds[n], "Gore", 90, -46.1, 168.9 + n / 100) for n in range(3)]
    )
    write_csv(
        folder / "minutes.csv",
        ["urn_from", "urn_to", "minutes"],
        [(a, b, 7) for a in range(900001, 900009) for b in range(900001, 900009) if a != b],
    )
    write_csv(
        folder / "both.csv",
        ["from_id", "to_id", "travel_time", "written"],
        [(a, b, 7, 480) for a in range(900001, 900009) for b in range(900001, 900009) if a != b],
    )
    rows = [
        ("900001", "A", 90, 500000, 350000, "925", "Fenshire", MAINTAINED[0], "Primary", MAINTAINED[1]),
        ("900002", "B", 90, 501000, 350000, "925", "Fenshire", MAINTAINED[0], "Nursery", MAINTAINED[1]),
        ("900003", "C", 90, 502000, 350000, "857", "Wold", MAINTAINED[0], "Primary", MAINTAINED[1]),
    ]
    write_csv(folder / "register.csv", REGISTER, rows)
    halves = [box(499_000, 340_000, 501_500, 360_000), box(501_500, 340_000, 520_000, 360_000)]
    areas = geopandas.GeoDataFrame({"name": ["Left", "Right"], "code": ["E06", "E07"]}, geometry=halves, crs=27700)
    areas.to_file(folder / "halves.gpkg")
    along = [LineString([(499_000, 350_050), (514_000, 350_050)])]
    roads = geopandas.GeoDataFrame({"road_class": ["tertiary"]}, geometry=along, crs=27700)
    roads.to_file(folder / "roads.gpkg")  # 50 metres north of the schools
    slow = re.sub(r"(tertiary +=.*rural =) \d+, urban = \d+", r"\1 9, urban = 9", OUR_TABLE.read_text(encoding="utf-8"))
    (folder / "slow.toml").write_text(slow, encoding="utf-8")
    return folder


# Every setting changes something ----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A setting in the folder above, what is looked at, and how that is without it and with it.

    A text that begins with "refused" is the start of the fault with which it is refused.
    """

    key: str
    value: str
    seen: Callable[[Answer], object] = lambda a: a.groups
    without: object
    given: tuple[str, ...] = ()
    changed: object
    ask: Callable[..., Answer] = ask

    def __str__(self) -> str:
        return self.key


def urns(answer: Answer) -> list[int]:
    return [int(urn) % 10 for urn in answer.case.problem.area.urns]


def cost(answer: Answer) -> float:
    return answer.account.cost.terms()["total"]


REGISTERED = ("data.schools={folder}/register.csv", "data.links=off", "data.existing=off")
NO_PRICES = ("preferences.minutes_per_link=0", "preferences.minutes_per_separation=0")
TWO = ("rules.partnerships_max=2",)
FOUR = ("rules.heads_min=4", "rules.heads_max=4")
KEPT = "12 34 56"  # today's groups kept, the other two together: 336 minutes a year
HALVES = "123 456"  # the best two: 160 minutes of travel, and 3 and 4 parted for 240

EARLIER = ("data.existing={folder}/earlier.csv",)
STRANGE = "refused: earlier.csv, row 2, urn = '990001': no school has this URN"


def today(answer: Answer) -> list[tuple[str, ...]]:
    return [one.urns for one in answer.case.problem.area.existing]


SETTINGS = [
    # data
    Setting(
        key="data.successors",
        value="{990001 = 900001}",
        given=EARLIER,
        seen=today,
        without=STRANGE,
        changed=[("900001", "900002")],
    ),
    Setting(
        key="data.register_links",
        value="{folder}/moved.csv",
        given=EARLIER,
        seen=today,
        without=STRANGE,
        changed=[("900001", "900002")],
    ),
    Setting(
        key="data.schools",
        value="{folder}/blank.csv",
        given=("data.missing_pupils=leave out", "data.links=off", "data.existing=off"),
        seen=urns,
        without=[1, 2, 3, 4, 5, 6, 7, 8],
        changed=[1, 2],
    ),
    Setting(
        key="data.only",
        value='{district = "East"}',
        given=("data.links=off", "data.existing=off"),
        seen=urns,
        without=[1, 2, 3, 4, 5, 6, 7, 8],
        changed=[1, 2, 3],
    ),
    Setting(
        key="data.local_authority",
        value="857",
        given=REGISTERED,
        seen=urns,
        without="refused: register.csv, LA (code): say which authority",
        changed=[3],
    ),
    Setting(
        key="data.phases",
        value='["Nursery"]',
        given=(*REGISTERED, "data.local_authority=925"),
        seen=urns,
        without=[1],
        changed=[2],
    ),
    Setting(
        key="data.columns",
        value='{pupils = "roll"}',
        seen=lambda a: a.account.area.pupils.tolist(),
        without=[50, 60, 70, 80, 90, 100, 250, 300],
        changed=[55, 65, 75, 85, 95, 105, 115, 125],
    ),
    Setting(
        key="data.join",
        value='["{folder}/extra.csv"]',
        seen=lambda a: a.account.area.columns.get("answer", ())[:2],
        without=(),
        changed=("agrees", ""),
    ),
    Setting(
        key="data.opening",
        value='["{folder}/opening.csv"]',
        seen=urns,
        without=[1, 2, 3, 4, 5, 6, 7, 8],
        changed=[1, 2, 3, 4, 5, 6, 7, 8, 9],
    ),
    Setting(
        key="data.crs",
        value="EPSG:2157",
        seen=lambda a: a.account.area.grid.code,
        without="EPSG:27700",
        changed="EPSG:2157",
    ),
    Setting(
        key="data.postcodes",
        value="{folder}/codes.csv",
        given=("data.schools={folder}/coded.csv", "data.links=off", "data.existing=off"),
        seen=lambda a: a.account.area.eastings.tolist(),
        without="refused: coded.csv, row 4, easting = '': give the school's coordinates",
        changed=[500_001, 500_002, 500_003],
    ),
    Setting(
        key="data.register_of",
        value="none",
        given=(
            "data.schools={folder}/kura.csv",
            'data.columns={pupils = "Total"}',
            "data.links=off",
            "data.existing=off",
        ),
        seen=lambda a: len(a.account.area),
        without=2,
        changed=3,
    ),
    Setting(
        key="data.outlying",
        value="{900004 = true}",
        given=("data.schools={folder}/far.csv", "data.links=off", "data.existing=off"),
        seen=urns,
        without="refused: far.csv, row 5, easting, northing = '504000, 550000': 200 km from the middle",
        changed=[1, 2, 3, 4],
    ),
    Setting(
        key="data.pupils_column",
        value="roll",
        seen=lambda a: a.account.area.pupils.tolist(),
        without=[50, 60, 70, 80, 90, 100, 250, 300],
        changed=[55, 65, 75, 85, 95, 105, 115, 125],
    ),
    Setting(
        key="data.answers",
        value="{folder}/said.csv",
        seen=lambda a: a.heads,
        without="1 2 3 4 5 6",
        changed="1 2 3 4 6",
    ),
    Setting(
        key="data.shared_heads",
        value="[[900001, 900002], [900005, 900007]]",
        seen=lambda a: a.heads,
        without="1 2 3 4 5 6",
        changed="12 3 4 57 6",
    ),
    Setting(
        key="data.areas",
        value='{unitary = "{folder}/halves.gpkg"}',
        seen=lambda a: a.account.area.columns.get("unitary", ())[:3],
        without=(),
        changed=("Left", "Left", "Right"),
    ),
    Setting(
        key="data.area_names",
        value='{unitary = "code"}',
        given=('data.areas={unitary = "{folder}/halves.gpkg"}',),
        seen=lambda a: a.account.area.columns.get("unitary", ())[:3],
        without=("Left", "Left", "Right"),
        changed=("E06", "E06", "E07"),
    ),
    Setting(
        key="data.header_row",
        value="2",
        given=("data.schools={folder}/twice.csv", "data.links=off", "data.existing=off"),
        seen=urns,
        without="refused: twice.csv, row 2, pupils = 'pupils'",
        changed=[1, 2],
    ),
    Setting(
        key="data.identifier_words",
        value='["Roll number"]',
        seen=lambda a: a.account.area.identifier,
        without=("URN", "URNs"),
        changed=("Roll number", "Roll numbers"),
    ),
    Setting(
        key="data.headships",
        value="{folder}/heads.csv",
        seen=lambda a: a.heads,
        without="1 2 3 4 5 6",
        changed="12 3 4 5 6",
    ),
    Setting(
        key="data.bases",
        value="[900001]",
        given=("data.headships={folder}/heads.csv",),
        seen=lambda a: a.case.problem.roster.headships[0].base_urn,
        without="900002",
        changed="900001",
    ),
    Setting(
        key="data.links_from",
        value="{district = 0.5, base = 2}",
        seen=lambda a: dict(a.account.shared),
        without={},
        changed={"base": (2, 4), "district": (6, 6)},  # 123 are East and 456 West; 1, 3 say yes, and 4, 6 no
    ),
    Setting(
        key="data.links",
        value="{folder}/works.csv",
        seen=lambda a: [(link.urn_a, link.urn_b) for link in a.account.area.links],
        without=[("900002", "900003")],
        changed=[("900001", "900006")],
    ),
    Setting(
        key="data.existing",
        value='{column = "partners"}',
        seen=lambda a: [today.name for today in a.account.area.existing],
        without=["Fen", "Wold"],
        changed=["A", "B"],
    ),
    Setting(
        key="data.pupils",
        value="{900001 = 61}",
        seen=lambda a: (int(a.account.area.pupils[0]), a.atlas.schools[0].corrected),
        without=(50, ""),
        changed=(61, "61 pupils by correction; the file says 50"),
    ),
    Setting(
        key="data.missing_pupils",
        value="leave out",
        given=("data.schools={folder}/blank.csv", "data.links=off", "data.existing=off"),
        seen=urns,
        without="refused: blank.csv, row 4, pupils = ''",
        changed=[1, 2],
    ),
    # travel
    Setting(
        key="travel.matrix",
        value="{folder}/minutes.csv",
        seen=lambda a: a.account.minutes("900001", "900006"),
        without=11.0,
        changed=7.0,
    ),
    Setting(
        key="travel.columns",
        value='{minutes = "written"}',
        given=("travel.matrix={folder}/both.csv",),
        seen=lambda a: a.account.minutes(900001, 900006),
        without=7.0,
        changed="refused: both.csv, written = '56 pairs': read as minutes",
    ),
    Setting(
        key="travel.units",
        value='{minutes = "seconds"}',
        given=("travel.matrix={folder}/both.csv", 'travel.columns={minutes = "written"}'),
        seen=lambda a: a.account.minutes(900001, 900006),
        without="refused: both.csv, written = '56 pairs'",
        changed=8.0,
    ),
    Setting(
        key="travel.crow_minutes",
        value="{start = 3, per_km = 2}",
        seen=lambda a: a.account.minutes("900001", "900006"),
        without=11.0,
        changed=25.0,
    ),
    Setting(key="travel.roads", value="{folder}/roads.gpkg", seen=how, without="crow-fly:", changed="driving"),
    Setting(
        key="travel.speeds",
        value="{folder}/slow.toml",
        given=ROADS,
        seen=lambda a: a.account.minutes("900001", "900006") > 60,
        without=False,
        changed=True,
    ),
    Setting(
        key="travel.engine",
        value="osrm",
        given=ROADS,
        seen=how,
        without="driving",
        changed="refused: roads.gpkg",
    ),
    Setting(
        key="travel.snap_metres_max",
        value="10",
        given=ROADS,
        seen=how,
        without="driving",
        changed="refused: roads.gpkg",
    ),
    Setting(key="travel.server", value="http://127.0.0.1:1", seen=how, without="crow-fly:", changed="refused: "),
    # rules: who takes part
    Setting(
        key="rules.school_pupils_max",
        value="80",
        seen=lambda a: a.heads,
        without="1 2 3 4 5 6",
        changed="1 2 3 4",
    ),
    Setting(
        key="rules.except_in",
        value="[900008]",
        seen=lambda a: a.heads,
        without="1 2 3 4 5 6",
        changed="1 2 3 4 5 6 8",
    ),
    Setting(
        key="rules.except_out",
        value="[900005]",
        seen=lambda a: a.heads,
        without="1 2 3 4 5 6",
        changed="1 2 3 4 6",
    ),
    Setting(
        key="rules.associates",
        value="[900007]",
        seen=lambda a: a.heads,
        without="1 2 3 4 5 6",
        changed="1 2 3 4 5 6 7",
    ),
    # rules on a partnership
    Setting(key="rules.heads_min", value="3", without=KEPT, changed=HALVES),
    Setting(key="rules.heads_min_for", value="{900001 = 2}", given=FOUR, without="1234", changed="12 3456"),
    Setting(key="rules.heads_max", value="2", given=TWO, without=HALVES, changed="12 34"),
    Setting(key="rules.schools_min", value="3", without=KEPT, changed=HALVES),
    Setting(key="rules.schools_max", value="2", given=TWO, without=HALVES, changed="12 34"),
    Setting(key="rules.pupils_min", value="180", without=KEPT, changed=HALVES),
    Setting(key="rules.pupils_max", value="150", without=KEPT, changed="16 25 34"),
    Setting(key="rules.minutes_max", value="0.5", without=KEPT, changed=""),
    Setting(
        key="rules.minutes_max_for",
        value="{900006 = 1}",
        given=("rules.minutes_max=0.5",),
        without="",
        changed="56",
    ),
    Setting(
        key="rules.headship_is_partnership_from",
        value="3",
        given=("data.headships={folder}/heads.csv",),
        without="12 34 56",
        changed="1234 56",
    ),
    Setting(
        key="rules.joins_others",
        value='["Fen"]',
        given=("data.headships={folder}/heads.csv",),
        without="12 34 56",
        changed="1234 56",
    ),
    Setting(
        key="rules.drives_between",
        value="bases",
        given=("data.headships={folder}/heads.csv", 'rules.joins_others=["all"]', "rules.minutes_max=2"),
        without="123 56",
        changed="1234 56",
    ),
    Setting(key="rules.km_max", value="0.5", without=KEPT, changed=""),
    Setting(key="rules.host_minutes_max", value="0.5", without=KEPT, changed=""),
    Setting(key="rules.head_minutes_max", value="140", without=KEPT, changed="14 23 56"),  # 2, 3 had 156: half a link
    Setting(key="rules.together", value="[[900002, 900003]]", without=KEPT, changed=HALVES),
    Setting(key="rules.apart", value="[[900001, 900002]]", without=KEPT, changed="156 234"),
    Setting(key="rules.robust", value='["roll"]', given=("rules.pupils_max=150",), without="16 25 34", changed="14 23"),
    Setting(key="rules.same", value='["district"]', without=KEPT, changed=HALVES),
    Setting(key="rules.distinct_max", value="{district = 1}", without=KEPT, changed=HALVES),
    Setting(key="rules.at_least_one", value='{base = "no"}', without=KEPT, changed="156 234"),
    Setting(
        key="rules.associates_max",
        value="0",
        given=("rules.associates=[900007]", "rules.heads_min=7", "rules.heads_max=7"),
        without="1234567",
        changed="",
    ),
    Setting(key="rules.locked", value='["Fen"]', given=TWO, without=HALVES, changed="12 345"),
    Setting(key="rules.open_locked", value='["Wold"]', given=TWO, without=HALVES, changed="156 234"),
    Setting(key="rules.approved", value='["Fen"]', given=TWO, without=HALVES, changed="12 345"),
    Setting(
        key="rules.released",
        value='["Fen"]',
        given=(*TWO, 'rules.approved=["Fen"]'),
        without="12 345",
        changed=HALVES,
    ),
    Setting(key="rules.accepted", value='["Fen"]', given=TWO, without=HALVES, changed="12 345"),
    Setting(
        key="rules.keep",
        value="all",
        seen=lambda a: [words for words in a.account.criteria if "kept" in words],
        without=[],
        changed=["Fen kept as now, others may join", "Wold kept as now, others may join"],
    ),
    # rules on the plan
    Setting(
        key="rules.partnerships_min",
        value="3",
        given=("preferences.minutes_per_pupil_off_target=10", "preferences.pupils_target=225"),
        without="156 234",
        changed=KEPT,
    ),
    Setting(key="rules.partnerships_max", value="2", without=KEPT, changed=HALVES),
    Setting(
        key="rules.moved_max",
        value="1",
        ask=ask_about_groups,
        seen=lambda a: [breach.rule for breach in a.account.breaches],
        without=[],
        changed=["moved_max"],
    ),
    Setting(key="rules.links_broken_max", value="4", without=KEPT, changed=HALVES),  # the link's weight is 5
    Setting(key="rules.grant_max", value="200", given=("money.per_partnership=100",), without=KEPT, changed=HALVES),
    Setting(key="money.per_partnership", value="100", given=("rules.grant_max=200",), without=KEPT, changed=HALVES),
    Setting(key="money.per_school", value="100", given=("rules.grant_max=400",), without=KEPT, changed="12 34"),
    # preferences: 36 minutes of travel and a link of 300 broken
    Setting(key="preferences.meetings_per_year", value="5", seen=cost, without=336.0, changed=330.0),
    Setting(key="preferences.meet", value="host", given=TWO, seen=cost, without=400.0, changed=360.0),
    Setting(
        key="preferences.measure",
        value="km",
        given=(*NO_PRICES, "travel.crow_minutes.per_km=2"),
        seen=cost,
        without=72.0,
        changed=36.0,
    ),
    Setting(key="preferences.minutes_per_link", value="10", seen=cost, without=336.0, changed=86.0),
    Setting(key="preferences.minutes_per_separation", value="0", without=KEPT, changed="14 23 56"),
    Setting(
        key="preferences.minutes_per_pupil_off_target",
        value="1",
        seen=cost,
        without=336.0,
        changed=400.0 + 550,
    ),
    Setting(
        key="preferences.pupils_target",
        value="150",
        given=("preferences.minutes_per_pupil_off_target=1",),
        seen=cost,
        without=400.0 + 550,
        changed=336.0 + 80,
    ),
    Setting(
        key="preferences.minutes_per_difference", value="{district = 200}", without=KEPT, changed=HALVES
    ),  # 3 and 4 differ
    Setting(
        key="preferences.minutes_per_lack",
        value="{base = 100}",
        given=("preferences.minutes_per_lack={base = 0}", 'preferences.lack_value={base = "no"}'),
        seen=cost,
        without=336.0,
        changed=436.0,  # 1 and 2
    ),
    Setting(
        key="preferences.lack_value",
        value='{base = "no"}',
        given=("preferences.minutes_per_lack={base = 100}",),
        seen=cost,
        without=336.0,
        changed=436.0,
    ),
    Setting(
        key="preferences.minutes_per_wish",
        value="[500]",
        given=("data.answers={folder}/wishes.csv",),
        without=KEPT,
        changed="156 234",
    ),
    Setting(
        key="preferences.head_minutes_price",
        value="[[100, 3]]",
        seen=cost,
        without=336.0,
        changed=336.0 + 2 * 3 * 56,  # 2 and 3 have 156 each, of which 150 for the link
    ),
    # map
    Setting(
        key="map.title",
        value="Fenshire",
        seen=lambda a: a.atlas.title,
        without="School partnerships",
        changed="Fenshire",
    ),
    Setting(
        key="map.status",
        value="Agreed",
        seen=lambda a: a.atlas.status,
        without="Modelling, not a proposal",
        changed="Agreed",
    ),
    Setting(
        key="map.language",
        value="cy",
        seen=lambda a: draw_atlas(a.case, a.account, language=language_of(a.case.language)).title,
        without="School partnerships",
        changed="Partneriaethau ysgolion",
    ),
    Setting(
        key="map.attribution",
        value='["Contains Fenshire data"]',
        seen=lambda a: a.atlas.attribution,
        without=(),
        changed=("Contains Fenshire data",),
    ),
    Setting(
        key="map.base",
        value='["{folder}/halves.gpkg"]',
        seen=lambda a: [b.name for b in a.atlas.base],
        without=[],
        changed=["Left", "Right"],
    ),
    Setting(
        key="map.world",
        value="true",
        seen=lambda a: {b.kind for b in a.atlas.base},
        without=set(),
        changed={"land", "outline", "water"},
    ),
]


def outcome(setting: Setting, folder: Path, *settings: str) -> object:
    """What is seen, or the fault with which it is refused."""
    here = [text.replace("{folder}", folder.as_posix()) for text in (*setting.given, *settings)]
    try:
        return setting.seen(setting.ask(folder / "town.toml", *here))
    except BadData as bad:
        return f"refused: {bad.faults[0]}"


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_a_setting_changes_what_it_says(setting: Setting, folder: Path) -> None:
    value = setting.value.replace("{folder}", folder.as_posix())
    assert same(outcome(setting, folder), setting.without)
    assert same(outcome(setting, folder, f"{setting.key}={value}"), setting.changed)


def same(found: object, expected: object) -> bool:
    if isinstance(expected, str) and expected.startswith("refused"):
        return str(found).startswith(expected)
    return found == expected


@pytest.mark.parametrize("key", ["existing", "headships"])
def test_a_table_that_names_no_column_is_a_fault(key: str, folder: Path) -> None:
    with pytest.raises(BadData) as refusal:
        read_scenario(folder / "town.toml", [f"data.{key}={{}}"])
    (fault,) = refusal.value.faults
    assert fault.column == f"data.{key}" and fault.fix.startswith("name a column")


HOW_LONG = {"seconds": 9.5, "gap": 0.25, "seed": 7, "workers": 2}


@pytest.mark.parametrize("key", HOW_LONG)
def test_how_long_to_look_reaches_the_solver(key: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Limits] = []

    def spied(problem: Any, limits: Limits, *others: Any, **more: Any) -> Any:
        asked.append(limits)
        return solve(problem, limits, *others, **more)

    monkeypatch.setattr(import_module("partition.solver"), "solve", spied)
    args = [
        "plan",
        str(folder / "town.toml"),
        "--out",
        str(folder / "out"),
        "--set",
        f"solve.{key}={HOW_LONG[key]}",
    ]
    assert CliRunner().invoke(app, args).exit_code == 0
    defaults = {"seconds": 60.0, "gap": 0.0, "seed": 1, "workers": 0}
    assert asked == [Limits(**{**defaults, key: HOW_LONG[key]})]  # type: ignore[arg-type]


def test_every_setting_is_tried_here() -> None:
    every = {f"{name}.{key}" for name, table in Scenario.model_fields.items() for key in table.annotation.model_fields}  # type: ignore[union-attr]
    tried = (
        {setting.key for setting in SETTINGS}
        | {f"solve.{key}" for key in HOW_LONG}
        | {*TRIED, *IN_PAPERS, *FEDERATIONS}
    )
    assert tried == every


# Starting from another scenario -----------------------------------------------------------------------------


def written(folder: Path, **files: str) -> Path:
    """Scenario files by name; the path of the last."""
    for name, text in files.items():
        path = folder / (name.replace("__", "/") + ".toml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return path


def test_paths_mean_what_they_mean_in_the_file_that_states_them(tmp_path: Path) -> None:
    base = """
        [data]
        schools = "schools.csv"
        join = ["a.csv", "b.csv"]
        areas = {unitary = "areas.geojson"}
        existing = {column = "group"}
        [travel]
        matrix = "minutes.csv"
        [map]
        base = ["land.geojson"]
    """
    over = 'extends = "../base/county.toml"\n[data]\nlinks = "links.csv"\nheadships = "heads.csv"'
    scenario = read_scenario(written(tmp_path, base__county=base, options__over=over))
    there, here = tmp_path / "options/../base", tmp_path / "options"
    assert scenario.data.schools == str(there / "schools.csv")
    assert scenario.data.join == [str(there / "a.csv"), str(there / "b.csv")]
    assert scenario.data.areas == {"unitary": str(there / "areas.geojson")}
    assert scenario.data.existing == {"column": "group"}
    assert scenario.data.headships == str(here / "heads.csv")
    assert scenario.data.links == str(here / "links.csv")
    assert scenario.travel.matrix == str(there / "minutes.csv")
    assert scenario.map.base == [str(there / "land.geojson")]


def test_tables_merge_and_lists_replace(tmp_path: Path) -> None:
    base = "[rules]\nminutes_max = 25\nexcept_in = [1, 2]\nminutes_max_for = {1 = 30, 2 = 30}"
    over = 'extends = "base.toml"\n[rules]\nexcept_in = [3]\nminutes_max_for = {2 = 40}\nheads_min = 3'
    rules = read_scenario(written(tmp_path, base=base, over=over)).rules
    assert ints((rules.minutes_max, rules.heads_min)) == (25, 3)
    assert ints(rules.except_in) == [3]
    assert ints(rules.minutes_max_for) == {1: 30, 2: 40}


def test_scenarios_extend_through_several_files(tmp_path: Path) -> None:
    first = "[rules]\nheads_min = 2\nheads_max = 5"
    second = 'extends = "first.toml"\n[rules]\nheads_max = 6'
    third = 'extends = "second.toml"\n[rules]\nminutes_max = 30'
    rules = read_scenario(written(tmp_path, first=first, second=second, third=third)).rules
    assert ints((rules.heads_min, rules.heads_max, rules.minutes_max)) == (2, 6, 30)


def test_scenarios_that_extend_each_other_in_a_ring_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, a='extends = "b.toml"', b='extends = "a.toml"')
    assert faults(path) == ["b.toml, extends: scenarios extend each other in a ring; break it"]


def test_a_scenario_to_extend_that_is_not_there_is_told_by_name(tmp_path: Path) -> None:
    path = written(tmp_path, over='extends = "gone.toml"')
    assert faults(path) == ["gone.toml: there is no such file; check the name and the folder"]


# "off", and settings on the command line --------------------------------------------------------------------


def test_off_switches_off_a_default_and_what_another_file_set(tmp_path: Path) -> None:
    base = '[rules]\npupils_max = 900\nlocked = ["Fen"]\nminutes_max_for = {1 = 30}'
    over = (
        'extends = "base.toml"\n[rules]\npupils_max = "off"\nlocked = "off"\nminutes_max_for = "off"\n'
        'heads_min = "off"\nminutes_max = "off"\nschool_pupils_max = "off"\n[data]\nheadships = "off"'
    )
    scenario = read_scenario(written(tmp_path, base=base, over=over))
    rules = scenario.rules
    assert (rules.pupils_max, rules.heads_min, rules.minutes_max, rules.school_pupils_max) == (None,) * 4
    assert (rules.locked, rules.minutes_max_for) == ([], {})
    assert scenario.data.headships is None


@pytest.mark.parametrize(
    "key",
    ["minutes_per_link", "minutes_per_separation", "minutes_per_pupil_off_target", "meetings_per_year"],
)
def test_a_price_that_is_off_is_nothing(key: str) -> None:
    assert getattr(read_scenario(None, [f"preferences.{key}=off"]).preferences, key) == 0


@pytest.mark.parametrize(
    ("setting", "table", "key", "value"),
    [
        ("rules.minutes_max=25", "rules", "minutes_max", 25),
        (" rules.minutes_max = 25 ", "rules", "minutes_max", 25),
        ("rules.minutes_max=off", "rules", "minutes_max", None),
        ("data.pupils.151275=61", "data", "pupils", {151275: 61}),
        ("data.columns.easting=X coordinate", "data", "columns", {"easting": "X coordinate"}),
        ("data.missing_pupils=leave out", "data", "missing_pupils", "leave out"),
        ('data.missing_pupils="leave out"', "data", "missing_pupils", "leave out"),
        ("data.local_authority=925", "data", "local_authority", "925"),
        ('data.local_authority=["925", "857"]', "data", "local_authority", ["925", "857"]),
        ("rules.together=[[1, 2], [3, 4]]", "rules", "together", [[1, 2], [3, 4]]),
        ('rules.at_least_one={base = "yes"}', "rules", "at_least_one", {"base": "yes"}),
        ("rules.at_least_one.base=yes", "rules", "at_least_one", {"base": "yes"}),
        ("data.existing.column=group", "data", "existing", {"column": "group"}),
        ("travel.crow_minutes.start=0", "travel", "crow_minutes", {"start": 0, "per_km": 1.21}),
        ("map.title=A = B", "map", "title", "A = B"),
    ],
)
def test_a_setting_on_the_command_line_is_read_like_the_file(setting: str, table: str, key: str, value: object) -> None:
    assert ints(read_scenario(None, [setting]).model_dump()[table][key]) == value


def test_a_setting_on_the_command_line_goes_over_the_file_and_the_last_over_the_first(tmp_path: Path) -> None:
    path = written(tmp_path, one="[rules]\nminutes_max = 30\nheads_min = 3")
    rules = read_scenario(path, ["rules.minutes_max=25", "rules.minutes_max=15"]).rules
    assert ints((rules.minutes_max, rules.heads_min)) == (15, 3)


def test_a_path_on_the_command_line_is_seen_from_where_one_stands(tmp_path: Path) -> None:
    path = written(tmp_path, deep__one="[data]\nschools = 'schools.csv'")
    assert read_scenario(path, ["data.links=links.csv"]).data.links == "links.csv"


# Faults -----------------------------------------------------------------------------------------------------


def faults(path: Path | None, *settings: str) -> list[str]:
    with pytest.raises(BadData) as refused:
        read_scenario(path, settings)
    return [str(fault) for fault in refused.value.faults]


FAULTS = [
    ("[rules]\nminute_max = 20", "rules.minute_max = 20: it is not a setting; did you mean minutes_max?"),
    ("[rule]\nminutes_max = 20", "rule = {'minutes_max': 20}: it is not a table; did you mean rules?"),
    ("minutes_max = 20", "minutes_max = 20: it is not a table; there are data, travel, rules, preferences"),
    ("[travel]\ncrow_minutes = {begin = 3}", "travel.crow_minutes.begin = 3: it is not a setting"),
    ("[rules]\nheads_min = -1", "rules.heads_min = -1: input should be greater than or equal to 1"),
    ("[rules]\nheads_min = 4.5", "rules.heads_min = 4.5: input should be a valid integer"),
    ("[rules]\nheads_min = true", "rules.heads_min = True: input should be a valid integer"),
    ("[rules]\nheads_min = 8\nheads_max = 7", "rules: heads_min is 8 and heads_max 7; swap them"),
    ("[rules]\npupils_min = 8\npupils_max = 7", "rules: pupils_min is 8 and pupils_max 7; swap them"),
    (
        "[rules]\nschools_min = 8\nschools_max = 7",
        "rules: schools_min is 8 and schools_max 7; swap them",
    ),
    (
        "[rules]\npartnerships_min = 8\npartnerships_max = 7",
        "rules: partnerships_min is 8 and partnerships_max 7; swap them",
    ),
    ('[rules]\nminutes_max = "20 min"', "rules.minutes_max = '20 min': input should be a valid number"),
    ("[rules]\nminutes_max = nan", "rules.minutes_max = nan: input should be"),
    ("[rules]\nminutes_max = inf", "rules.minutes_max = inf: input should be less than or equal to"),
    ("[rules]\nminutes_max = 1e18", "rules.minutes_max = 1e+18: input should be less than or equal to"),
    (
        "[rules]\npupils_max = 99999999999999999999",
        "rules.pupils_max = 99999999999999999999: input should be less",
    ),
    ("[preferences]\nmeetings_per_year = inf", "preferences.meetings_per_year = inf: input should be less"),
    ("[rules]\nexcept_in = 900012", "rules.except_in = 900012: input should be a valid list"),
    ("[rules]\nexcept_in = [true]", "rules.except_in.0: give the school's identifier, as text or as a whole"),
    ("[rules]\ntogether = [900012]", "rules.together.0 = 900012: input should be a valid list"),
    (
        '[preferences]\nmeet = "circle"',
        "preferences.meet = 'circle': input should be 'rotate', 'host' or 'pairs'",
    ),
    (
        '[data]\nmissing_pupils = "zero"',
        "data.missing_pupils = 'zero': input should be 'fault' or 'leave out'",
    ),
    ("[data]\npupils = {900012 = -1}", "data.pupils.900012 = -1: input should be greater than or equal to 0"),
    ("[solve]\nseconds = 0", "solve.seconds = 0: input should be greater than 0"),
    ("[solve]\ngap = 5", "solve.gap = 5: input should be less than or equal to 1"),
    ('[solve]\nseconds = "off"', "solve.seconds = "),
    ('rules = "off"', "rules = 'off': "),
    ("rules = 3", "rules = 3: "),
    ("extends = 3", "extends = 3: name one scenario file"),
    ('[travel]\nroads = "a.pbf"\nmatrix = "m.csv"', "travel: matrix and roads are given; keep one"),
    ('[travel]\nengine = "osrm"', "travel: engine osrm needs roads"),
    ("[rules\n", "it is not TOML"),
]


@pytest.mark.parametrize(("text", "words"), FAULTS, ids=[words.split(":")[0] for _, words in FAULTS])
def test_a_fault_is_told_by_file_place_value_and_fix(text: str, words: str, tmp_path: Path) -> None:
    (told,) = faults(written(tmp_path, one=text))
    assert told.startswith("one.toml")
    assert words in told


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    path = written(tmp_path, one="[rules]\nminute_max = 20\nheads_min = -1\n[solve]\ngap = 5")
    told = faults(path, "nonsense", "rules.km_max")
    assert [fault.split(":")[0] for fault in told[:2]] == ["--set", "--set"]
    assert {fault.split(" = ")[0] for fault in told[2:]} == {
        "one.toml, rules.minute_max",
        "one.toml, rules.heads_min",
        "one.toml, solve.gap",
    }


@pytest.mark.parametrize("setting", ["rules", "minutes_max=25", "rules.minutes_max", "=3", ""])
def test_a_setting_that_is_no_setting_says_how_to_write_one(setting: str) -> None:
    assert faults(None, setting)[-1].endswith("write table.key=value, such as rules.minutes_max=25")


def test_a_fault_of_the_command_line_is_told_as_such(tmp_path: Path) -> None:
    (told,) = faults(written(tmp_path, one="[rules]\nminutes_max = 25"), "rules.minute_max=20")
    assert told.startswith("--set, rules.minute_max")


def test_a_fault_is_told_of_the_file_that_states_it(tmp_path: Path) -> None:
    base = "[rules]\nminute_max = 20\nheads_min = -1"
    over = 'extends = "base.toml"\n[rules]\nheads_max = -1'
    told = faults(written(tmp_path, base=base, over=over), "rules.heads_min=-2")
    assert sorted(fault.split(":")[0] for fault in told) == [
        "--set, rules.heads_min = -2",
        "base.toml, rules.minute_max = 20",
        "over.toml, rules.heads_max = -1",
    ]


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path: Path) -> None:
    assert faults(tmp_path / "gone.toml") == ["gone.toml: there is no such file; check the name and the folder"]
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe\x00")
    assert "cannot be read as UTF-8 text" in faults(tmp_path / "odd.toml")[0]
    (tmp_path / "folder.toml").mkdir()
    assert "cannot be read" in faults(tmp_path / "folder.toml")[0]


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "bom.toml").write_bytes(b"\xef\xbb\xbf[rules]\nminutes_max = 25")
    assert read_scenario(tmp_path / "bom.toml").rules.minutes_max == 25


def test_a_scenario_needs_schools() -> None:
    with pytest.raises(BadData, match="name the file of schools"):
        load(read_scenario())


# The template -----------------------------------------------------------------------------------------------


def test_the_template_is_toml_that_reads_back_as_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "template.toml").write_text(template(), encoding="utf-8")
    assert read_scenario(tmp_path / "template.toml") == Scenario()


def test_the_template_has_every_setting_and_what_it_means() -> None:
    told = tomllib.loads(template())
    for name, table in Scenario.model_fields.items():
        fields = table.annotation.model_fields  # type: ignore[union-attr]
        assert set(told[name]) == set(fields)
        assert all(field.description and field.description in template() for field in fields.values())
