"""Tables of minutes as routers and geographic systems write them: read right, or told; never misread in silence."""

from __future__ import annotations

import datetime as dt
from itertools import permutations

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from telling import faults_of

from geodata.faults import BadData
from geodata.matrix import read_matrix
from geodata.pairs.headings import words

URNS = [101, 102, 103, 104]
KM_EAST = [0, 5, 9, 20]  # along a straight road from the first school, driven at 40 km/h: 1.5 minutes a km
EASTINGS, NORTHINGS = [500_000 + 1_000 * km for km in KM_EAST], [300_000] * 4
PAIRS = [(a, b) for a in range(4) for b in range(4) if a != b]
KM = [abs(KM_EAST[a] - KM_EAST[b]) for a, b in PAIRS]
MINUTES = [1.5 * km for km in KM]


def table(start="urn_from", end="urn_to", minutes="minutes", per=1.0, km=None, km_per=1.0, **more):
    """The pairs as a frame: minutes x `per`, km x `km_per`, under these headings, each cell replaced by `more`."""
    columns = {
        start: [URNS[a] for a, _ in PAIRS],
        end: [URNS[b] for _, b in PAIRS],
        minutes: [took * per for took in MINUTES],
    }
    if km is not None:
        columns[km] = [far * km_per for far in KM]
    return pd.DataFrame({**columns, **more})


@pytest.fixture
def read(tmp_path):
    def read(frame, name="m.csv", *, index=False, urns=URNS, known=None, **options):
        path = tmp_path / name
        if name.endswith("parquet"):
            frame.to_parquet(path, index=index)
        elif name.endswith("xlsx"):
            frame.to_excel(path, index=index)
        else:
            frame.to_csv(path, index=index)
        asked = [URNS.index(urn) for urn in urns]
        options |= {
            "eastings_metres": [EASTINGS[at] for at in asked],
            "northings_metres": [NORTHINGS[at] for at in asked],
        }
        return read_matrix(path, urns, known, **options)

    return read


def minutes_of(travel):
    return (travel.between(*zip(*PAIRS, strict=True))[0] / 100).tolist()


def km_of(travel):
    return (travel.between(*zip(*PAIRS, strict=True))[1] / 1000).tolist()


# Headings ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "told"),
    [
        ("OriginID", ("origin", "id")),
        ("Total_Minutes", ("total", "minutes")),
        ("traveltimep50", ("traveltime", "p50")),
        ("travel_time_p50", ("travel", "time", "p50")),
        ("DURATION_H", ("duration", "h")),
        ("duration (s)", ("duration", "s")),
        ("totaltime", ("total", "time")),
        ("entry_cost", ("entry", "cost")),
        ("total", ("total",)),
    ],
)
def test_headings_are_taken_apart(heading, told):
    assert words(heading) == told


@pytest.mark.parametrize("name", ["m.csv", "m.parquet", "m.xlsx"])
@pytest.mark.parametrize(
    ("start", "end", "minutes", "per"),
    [
        ("from_id", "to_id", "travel_time", 1),  # r5py
        ("from_id", "to_id", "travel_time_p50", 1),  # r5r
        ("OriginID", "DestinationID", "Total_Time", 1),  # ArcGIS
        ("OriginID", "DestinationID", "Total_Minutes", 1),
        ("InputID", "TargetID", "total_cost", 1),  # QGIS
        ("FROM_ID", "TO_ID", "DURATION_H", 1 / 60),  # ORS Tools
        ("source", "target", "duration_seconds", 60),
        ("Origin URN", "Destination URN", "Drive time (mins)", 1),
        ("fromid", "toid", "time_s", 60),
        ("start_id", "end_id", "time_ms", 60_000),
    ],
)
def test_usual_headings_and_the_units_in_them(read, name, start, end, minutes, per):
    travel = read(table(start, end, minutes, per), name)
    assert minutes_of(travel) == MINUTES
    told = "\n".join(travel.reading)
    assert f"{name}: 12 pairs read, 0 of them with no way" in told
    assert f"urn_from from {start!r}, urn_to from {end!r}, minutes from {minutes!r}" in told
    assert travel.notices == ()


@pytest.mark.parametrize(("heading", "per"), [("distance_m", 1_000), ("DIST_KM", 1), ("Total_Miles", 1 / 1.609344)])
def test_lengths_in_the_units_of_their_headings(read, heading, per):
    assert km_of(read(table(km=heading, km_per=per))) == KM


def test_headings_that_nobody_knows_are_mapped_by_hand(read):
    frame = table("a", "b", "how long", km="how far", extra=1)
    told = faults_of(read, frame)
    assert [fault.partition(":")[0] for fault in told] == [
        f"m.csv, row 1, {name}" for name in ("urn_from", "urn_to", "minutes")
    ]
    assert "the headings are 'a', 'b', 'how long', 'how far', 'extra'" in told[0]
    assert "--set travel.columns.minutes=HEADING" in told[2]
    columns = {"urn_from": "a", "urn_to": "b", "minutes": "how long", "km": "how far"}
    travel = read(frame, columns=columns)
    assert minutes_of(travel) == MINUTES and km_of(travel) == KM
    assert travel.reading[-1] == "m.csv: columns not read: 'extra'"
    (wrong,) = faults_of(read, frame, columns={**columns, "minutes": "how longe"})
    assert "did you mean 'how long'" in wrong


def test_two_columns_that_could_each_be_the_minutes(read):
    frame = table(minutes="duration", travel_time=[1.0] * 12)
    (told,) = faults_of(read, frame)
    assert "'duration' and 'travel_time' could each be it" in told and "travel.columns.minutes" in told
    assert minutes_of(read(frame, columns={"minutes": "duration"})) == MINUTES


def test_the_plainer_heading_is_taken_and_the_other_named(read):
    travel = read(table(travel_time=[9.0] * 12))
    assert minutes_of(travel) == MINUTES and "columns not read: 'travel_time'" in travel.reading[-1]


def test_a_routers_own_numbers_are_not_taken_for_schools(read):
    """ArcGIS numbers its points in OriginID and DestinationID, and names them in Name."""
    named = [f"{URNS[a]} - {URNS[b]}" for a, b in PAIRS]
    numbered = {"OriginID": [a + 1 for a, _ in PAIRS], "DestinationID": [b + 1 for _, b in PAIRS]}
    frame = pd.DataFrame({"Name": named, **numbered, "Total_Time": MINUTES})
    travel = read(frame)
    assert minutes_of(travel) == MINUTES
    assert "urn_from from 'Name', urn_to from 'Name'" in travel.reading[1]
    assert "'OriginID', 'DestinationID'" in travel.reading[-1]
    frame["OriginID"], frame["DestinationID"] = ([URNS[pair[at]] for pair in PAIRS] for at in (1, 0))
    (told,) = faults_of(read, frame)
    assert "'OriginID' and 'Name' name different schools; say which" in told


def test_answers_of_a_router_in_json_are_told(tmp_path):
    (tmp_path / "m.csv").write_text('{"durations": [[0, 1], [1, 0]]}', encoding="utf-8")
    assert "JSON, as a router answers" in faults_of(read_matrix, tmp_path / "m.csv", URNS)[0]


# Squares ----------------------------------------------------------------------------------------------------


def square(per=1.0):
    """Minutes with a row and a column for each school, blank on the diagonal."""
    cells = np.full((4, 4), np.nan)
    cells[tuple(zip(*PAIRS, strict=True))] = [took * per for took in MINUTES]
    return pd.DataFrame(cells, index=URNS, columns=[str(urn) for urn in URNS])


@pytest.mark.parametrize("name", ["m.csv", "m.parquet", "m.xlsx"])
@pytest.mark.parametrize("corner", [None, "urn", "from/to"])
def test_a_square_is_read(read, name, corner):
    frame = square()
    frame.iloc[0, 1] = 9.0  # from 101 to 102 alone
    frame.index.name = corner
    travel = read(frame, name, index=True)
    assert travel.between([0, 1], [1, 0])[0].tolist() == [900, 750]
    assert minutes_of(travel)[1:] == MINUTES[1:] and not travel.has_km
    assert "a square: each row is where a drive starts" in travel.reading[1]


def test_a_square_whose_corner_says_that_rows_are_ends(read):
    frame = square()
    frame.iloc[0, 1] = 9.0
    frame.index.name = "to"
    assert read(frame, index=True).between([0, 1], [1, 0])[0].tolist() == [750, 900]


def test_a_square_with_other_columns_and_other_schools(read):
    frame = square().assign(name="School")
    travel = read(frame, index=True, urns=URNS[:2], known=URNS)
    assert travel.between([0, 1], [1, 0])[0].tolist() == [750, 750]
    assert "left out: 2 rows of a school and itself, 12 rows of schools that are not selected" in travel.reading[2]
    assert "columns not read: 'name'" in travel.reading[3]
    (told,) = faults_of(read, square().rename(columns={"104": "999"}), index=True, urns=URNS[:3])[:1]
    assert "999" in told and "no school has this URN" in told


def test_a_fault_in_a_square_is_named_by_its_cell(read):
    frame = square().astype(object)
    frame.iloc[1, 2] = "soon"
    (told,) = faults_of(read, frame, index=True)
    assert told.startswith("m.csv, row 3, 103 = 'soon': use a plain number")


def test_half_a_square_is_no_table_of_one_way_streets(read):
    (told,) = faults_of(read, square().where(np.triu(np.ones((4, 4)), 1) > 0), index=True)
    assert "6 of 6 pairs" in told and "minutes in one direction only; fill in the other" in told


def test_a_table_without_minutes(read):
    (told,) = faults_of(read, table(per=np.nan))
    assert "no pair of schools has minutes" in told


# Units ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "per"), [("seconds", 60), ("hours", 1 / 60), ("days", 1 / 1_440), ("milliseconds", 60_000)]
)
@pytest.mark.parametrize("heading", ["minutes", "travel_time", "total_cost"])
@pytest.mark.parametrize("name", ["m.csv", "m.parquet"])
def test_another_unit_is_one_fault_that_names_it(read, unit, per, heading, name):
    frame = table(minutes=heading, per=per)
    (told,) = faults_of(read, frame, name)
    assert told.startswith(f"{name}, {heading} = ") and f"they look like {unit}" in told
    assert f"--set travel.units.minutes={unit}" in told
    assert minutes_of(read(frame, name, units={"minutes": unit})) == pytest.approx(MINUTES, abs=0.011)


def test_a_heading_that_states_a_wrong_unit(read):
    (told,) = faults_of(read, table(minutes="time_s"))
    assert "read as seconds" in told and "they look like minutes" in told
    assert minutes_of(read(table(minutes="time_s"), units={"minutes": "minutes"})) == MINUTES


def test_a_square_in_seconds(read):
    (told,) = faults_of(read, square(60), index=True)
    assert "they look like seconds" in told
    assert minutes_of(read(square(60), index=True, units={"minutes": "seconds"})) == MINUTES


@pytest.mark.parametrize(("unit", "per"), [("metres", 1_000), ("miles", 1 / 1.609344)])
def test_lengths_in_another_unit(read, unit, per):
    frame = table(km="km", km_per=per * 1.2)
    (told,) = faults_of(read, frame)
    assert f"they look like {unit}" in told and f"--set travel.units.km={unit}" in told
    assert km_of(read(frame, units={"km": unit})) == pytest.approx([far * 1.2 for far in KM], abs=0.0011)


def test_metres_for_minutes(read):
    (told,) = faults_of(read, table(minutes="total_cost", per=1_200 / 1.5))
    assert "they look like metres, not like a time" in told and "travel.columns.minutes" in told


@pytest.mark.parametrize("minutes_per_km", [0.7, 1.5, 6, 14])
def test_a_motorway_a_bus_and_a_walk_are_minutes(read, minutes_per_km):
    assert minutes_of(read(table(per=minutes_per_km / 1.5))) == pytest.approx([minutes_per_km * km for km in KM])


def test_neighbours_alone_show_the_unit(tmp_path):
    """Two schools of one village, 400 m apart, 40 seconds by car: no table tops a day, yet seconds are seen."""
    places = {"eastings_metres": [500_000, 500_400], "northings_metres": [300_000, 300_000]}
    path = tmp_path / "m.csv"
    path.write_text("urn_from,urn_to,minutes\n1,2,40\n2,1,40\n", encoding="utf-8")
    assert "they look like seconds" in faults_of(read_matrix, path, [1, 2], **places)[0]
    path.write_text("urn_from,urn_to,minutes\n1,2,1\n2,1,1\n", encoding="utf-8")
    assert read_matrix(path, [1, 2], **places).notices == ()


# Durations --------------------------------------------------------------------------------------------------


def spelt(how):
    return [how(round(took * 60)) for took in MINUTES]


@pytest.mark.parametrize(
    "how",
    [
        lambda s: f"{s // 3600}:{s // 60 % 60:02}:{s % 60:02}",
        lambda s: f"0 days {s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}",
        lambda s: f"{s / 60:g} min",
        lambda s: f"{s // 60} mins {s % 60} secs",
        lambda s: f"PT{s // 60}M{s % 60}S",
        lambda s: f"{s}s",
    ],
)
@pytest.mark.parametrize("heading", ["minutes", "time_s"])  # what is written with its unit is in that unit
@pytest.mark.parametrize("name", ["m.csv", "m.parquet", "m.xlsx"])
def test_durations_as_text(read, how, heading, name):
    frame = table(minutes=heading).assign(**{heading: spelt(how)})
    assert minutes_of(read(frame, name)) == MINUTES


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("m.parquet", lambda s: dt.timedelta(seconds=s)),
        ("m.parquet", lambda s: dt.time(0, s // 60, s % 60)),
        ("m.xlsx", lambda s: dt.timedelta(seconds=s)),
        ("m.xlsx", lambda s: dt.time(0, s // 60, s % 60)),
    ],
)
def test_durations_as_types(tmp_path, read, name, how):
    frame = table().assign(minutes=pd.Series(spelt(how), dtype=object))
    if name.endswith("parquet"):
        assert minutes_of(read(frame, name)) == MINUTES
        return
    book = openpyxl.Workbook()
    for row in [list(frame.columns), *frame.to_numpy().tolist()]:
        book.active.append(row)
    book.save(tmp_path / name)
    travel = read_matrix(tmp_path / name, URNS, eastings_metres=EASTINGS, northings_metres=NORTHINGS)
    assert minutes_of(travel) == MINUTES


def test_minutes_and_seconds_that_a_spreadsheet_took_for_hours_and_minutes(read):
    frame = table().assign(minutes=spelt(lambda s: f"{s // 60}:{s % 60:02}"))
    assert "they look like seconds" in faults_of(read, frame)[0]
    assert minutes_of(read(frame, units={"minutes": "seconds"})) == MINUTES
    hours = table().assign(minutes=spelt(lambda s: f"{s // 3600}:{s // 60 % 60:02}"))
    assert minutes_of(read(hours)) == [took // 1 for took in MINUTES]


def test_lengths_with_their_unit(read):
    assert km_of(read(table(km="km").assign(km=[f"{far * 1000} m" for far in KM]))) == KM


# What no car does -------------------------------------------------------------------------------------------


def test_minus_one_is_told_how_no_way_is_written(read):
    told = faults_of(read, table().replace({"minutes": {MINUTES[0]: -1}}))
    assert "use 0 or more, and leave it blank where there is no way" in told[0]


def test_minutes_from_a_school_to_itself_are_left_out_and_told(read):
    home = pd.DataFrame({"urn_from": URNS, "urn_to": URNS, "minutes": 2.0})
    travel = read(pd.concat([table(), home]))
    assert minutes_of(travel) == MINUTES and travel.between([0], [0])[0].tolist() == [0]
    assert [str(notice) for notice in travel.notices] == [
        "m.csv, minutes = '4 rows': a school is 0 minutes from itself: the minutes there are left out"
    ]
    assert "left out: 4 rows of a school and itself" in travel.reading[-1]
    assert read(pd.concat([table(), home.assign(minutes=0)])).notices == ()


def test_no_minutes_at_all_between_places_apart(read):
    frame = table()
    frame.loc[(frame["urn_from"] == 101) | (frame["urn_to"] == 101), "minutes"] = 0
    (told,) = faults_of(read, frame)
    assert "minutes = '6 pairs': 0 minutes between places kilometres apart" in told
    assert "101 to 102: 0 minutes for 5.0 km" in told


def test_no_minutes_between_neighbours_are_a_notice(tmp_path):
    path = tmp_path / "m.csv"
    path.write_text("urn_from,urn_to,minutes\n1,2,0\n2,1,0\n", encoding="utf-8")
    places = {"northings_metres": [300_000, 300_000]}
    (told,) = read_matrix(path, [1, 2], eastings_metres=[500_000, 500_700], **places).notices
    assert "0 minutes between places that are apart" in str(told) and "0.7 km" in str(told)
    assert read_matrix(path, [1, 2], eastings_metres=[500_000, 500_100], **places).notices == ()  # one site


def test_a_speed_that_no_car_reaches(read):
    frame = table()
    last = (frame["urn_from"] == 101) & (frame["urn_to"] == 104)
    frame.loc[last, "minutes"] = 3.0  # 20 km: 400 km/h
    (told,) = faults_of(read, frame)
    assert "1 pairs" in told and "faster than any car" in told and "101 to 104: 3 minutes for 20.0 km" in told
    frame.loc[last, "minutes"] = 8.0  # 150 km/h
    (notice,) = read(frame).notices
    assert "faster than 120 km/h" in str(notice)
    frame.loc[last, "minutes"] = 999.0  # as some write no way
    (notice,) = read(frame).notices
    assert "slower than a walk" in str(notice)


def test_lengths_that_no_road_has(read):
    frame = table(km="km")
    last = (frame["urn_from"] == 101) & (frame["urn_to"] == 104)
    frame.loc[last, "km"] = 0.0
    assert "shorter than half the straight line" in faults_of(read, frame)[0]
    frame.loc[last, "km"] = 18.0
    assert "shorter than the straight line" in str(read(frame).notices[0])


def test_one_way_and_no_way_are_told(read):
    frame = table()
    frame.loc[(frame["urn_from"] == 101) & (frame["urn_to"] == 102), "minutes"] = np.nan
    (notice,) = read(frame).notices
    assert "1 pairs" in str(notice) and "one direction only (102 to 101)" in str(notice)
    frame.loc[(frame["urn_from"] == 104) | (frame["urn_to"] == 104), "minutes"] = np.nan
    assert "no way to or from any other school (104)" in str(read(frame).notices[1])


# Identifiers, and every row ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["m.csv", "m.parquet"])
@pytest.mark.parametrize("write", [float, str, lambda urn: f"{urn}.0"])
def test_a_number_in_the_clothes_of_excel_is_its_digits(read, name, write):
    frame = table()
    frame[["urn_from", "urn_to"]] = frame[["urn_from", "urn_to"]].map(write)
    assert minutes_of(read(frame, name)) == MINUTES


@pytest.mark.parametrize("name", ["m.csv", "m.parquet"])
def test_zeros_before_a_number_make_another_identifier_and_are_told(read, name):
    frame = table()
    frame[["urn_from", "urn_to"]] = frame[["urn_from", "urn_to"]].map(lambda urn: f"0{urn}")
    told = faults_of(read, frame, name)
    assert told[0].startswith(f"{name}, row 2, urn_from = '0101': no school has this URN")
    assert told[0].endswith("one has it with other zeros before it, which a spreadsheet may have cut")
    frame["urn_from"] = "999"
    assert not any("zeros" in fault for fault in faults_of(read, frame, name) if "'999'" in fault)


@pytest.mark.parametrize("note", ["A road", "1"])
def test_a_row_of_drives_is_no_headings_of_a_square(read, note):
    frame = table("a", "b", "how long")
    frame.insert(0, "note", note)
    told = faults_of(read, frame)
    assert [fault.partition(":")[0] for fault in told] == [
        f"m.csv, row 1, {name}" for name in ("urn_from", "urn_to", "minutes")
    ]


def test_parquet_whose_columns_are_the_saved_index(read):
    assert minutes_of(read(table().set_index(["urn_from", "urn_to"]), "m.parquet", index=True)) == MINUTES


@given(st.sets(st.sampled_from(list(permutations(range(4), 2))), max_size=12), st.integers(1, 4), st.booleans())
def test_every_row_of_a_table_is_used_or_named(tmp_path_factory, blank, selected, with_home):
    frame = table()
    frame.loc[[pair in blank for pair in PAIRS], "minutes"] = np.nan
    if with_home:
        frame = pd.concat([frame, pd.DataFrame({"urn_from": URNS, "urn_to": URNS, "minutes": 0.0})])
    path = tmp_path_factory.getbasetemp() / "every_row.csv"
    frame.to_csv(path, index=False)
    urns = URNS[:selected]
    try:
        travel = read_matrix(
            path, urns, URNS, eastings_metres=EASTINGS[:selected], northings_metres=NORTHINGS[:selected]
        )
    except BadData as refused:  # too many are blank
        assert "minutes in one direction only" in str(refused) or "no pair of schools has minutes" in str(refused)
        return
    told = "\n".join(travel.reading)
    used = selected * (selected - 1)
    home = selected if with_home else 0
    assert f"{used} pairs read" in told
    assert (f"{home} row{'s' * (home != 1)} of a school and itself" in told) == bool(home)
    rest = len(frame) - used - home
    assert (f"{rest} row{'s' * (rest != 1)} of schools that are not selected" in told) == bool(rest)


@pytest.mark.parametrize(
    ("heading", "written"),
    [
        ("minutes", lambda took: f"{took:.2f}".replace(".", ",")),
        ("minutes", lambda took: f"{took:.1f}\u00a0min"),
        ("seconds", lambda took: f"{took * 60:,.0f}"),
        ("duration_ms", lambda took: f"{took * 60_000:,.0f}".replace(",", "\u202f")),
        ("minutes", lambda took: f"{took // 60:.0f}h {took % 60:.1f}m"),
    ],
)
def test_amounts_are_read_as_people_of_several_countries_write_them(read, heading, written):
    frame = table(minutes=heading)
    frame[heading] = [written(took) for took in MINUTES]
    assert minutes_of(read(frame)) == minutes_of(read(table()))


def test_a_comma_in_a_square_is_a_decimal_sign(read):
    square = pd.DataFrame([[abs(a - b) * 1.5 for b in KM_EAST] for a in KM_EAST], index=URNS, columns=URNS)
    written = square.map(lambda took: str(took).replace(".", ","))
    assert minutes_of(read(written, index=True)) == minutes_of(read(table()))


@pytest.mark.parametrize(
    "headings",
    [("Von", "Nach", "Minuten"), ("origine", "destination", "durée (minutes)"), ("origen", "destino", "tiempo_min")],
)
def test_headings_of_several_countries_are_known(read, headings):
    assert minutes_of(read(table(*headings))) == minutes_of(read(table()))
