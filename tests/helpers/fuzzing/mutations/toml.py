"""Mutations of a scenario, or of another file of settings, that keep it TOML or nearly so."""

from __future__ import annotations

import re

from fuzzing.hostile import ELSEWHERE
from fuzzing.mutations.register import Spoilt, mutation
from fuzzing.mutations.texts import text_of, write_text

SETTING = re.compile(r"^([\w\"]+) = (.+)$", re.MULTILINE)
VALUES = (
    *(
        "off",
        '"off"',
        "0",
        "-1",
        "true",
        "nan",
        "inf",
        "1e308",
        "1e-300",
        "9" * 30,
        "9" * 5_000,
        '""',
        '"x"',
        "[]",
        "{}",
    ),
    *("[[]]", "[[[1]]]", "[900001, 900001]", "[[900001, 900002], [900002]]", "2027-01-11", "00:00:00", "'''a\nb'''"),
    *('["off"]', '{column = "off"}', '{column = "name"}', "{900001 = 1}", "{x = {y = {z = 1}}}", f'"{ELSEWHERE}"'),
    *(
        '"/dev/zero"',
        '"."',
        '"~"',
        '"\\u0000"',
        '"\\u202e"',
        '"http://127.0.0.1:9/x.csv"',
        '"schools.csv"',
        "1979-05-27",
    ),
    *('"' + "x" * 5_000 + '"', "0x" + "f" * 5_000, "0b1", "1_000", "+5", "-0.0", '["schools.csv", "links.csv"]'),
)
TABLES = ("data", "travel", "rules", "preferences", "solve", "map", "money", "advisers", "review", "effects", "x")
KEYS = (
    *("data.pupils", "data.columns", "data.only", "data.opening", "data.bases", "data.shared_heads", "data.links_from"),
    *("data.pupils_column", "data.missing_pupils", "data.local_authority", "data.phases", "data.existing", "data.x"),
    *("travel.crow_minutes", "travel.engine", "travel.snap_metres_max", "travel.matrix", "travel.roads"),
    *(
        "rules.heads_min",
        "rules.heads_max",
        "rules.pupils_min",
        "rules.pupils_max",
        "rules.minutes_max",
        "rules.km_max",
    ),
    *("rules.except_in", "rules.associates", "rules.together", "rules.apart", "rules.same", "rules.distinct_max"),
    *("rules.at_least_one", "rules.locked", "rules.open_locked", "rules.keep", "rules.moved_max", "rules.robust"),
    *("rules.grant_max", "rules.minutes_max_for", "rules.heads_min_for", "rules.except_reasons", "rules.accepted"),
    *("preferences.meetings_per_year", "preferences.meet", "preferences.measure", "preferences.pupils_target"),
    *("preferences.minutes_per_link", "preferences.minutes_per_pupil_off_target", "solve.gap", "solve.seed"),
    *(
        "map.title",
        "map.status",
        "map.attribution",
        "map.base",
        "money.pence_per_mile",
        "review.weeks",
        "review.starts",
    ),
    *("review.closed", "venues.cannot_host", "posts.senco", "posts.senco.fte", "advisers.accreditation_for"),
    *("advisers.leaving", "report.bands", "report.to", "effects.z", "effects.below", "effects.member_since"),
)


@mutation("setting")
def settings_drawn(it: Spoilt) -> None:
    """What is typed after --set, a setting a line."""
    drawn = [f"{it.draws.choice(KEYS)}={it.draws.choice(VALUES)}" for _ in it.some(1, 3)]
    odd = ("", "=", "rules", "rules.=1", ".x=1", "rules.heads_min", "a.b.c.d.e=1", f"{'a.' * 3_000}b=1", "rules.x y=1")
    if it.draws.random() < 0.15:
        drawn.append(it.draws.choice(odd))
    it.path.write_text("\n".join(setting.replace("\n", " ") for setting in drawn), encoding="utf-8")


@mutation("toml")
def values_replaced(it: Spoilt) -> None:
    text = text_of(it)
    for _ in it.some(1, 3):
        setting = it.draws.choice(list(SETTING.finditer(text)))
        text = text[: setting.start(2)] + it.draws.choice(VALUES) + text[setting.end(2) :]
    write_text(it, text)


@mutation("toml")
def settings_added(it: Spoilt) -> None:
    table, key = it.draws.choice([key for key in KEYS if key.count(".") == 1]).split(".")
    more = f"{key} = {it.draws.choice(VALUES)}\n"
    text = text_of(it)
    heading = f"[{table}]\n"
    write_text(it, text.replace(heading, heading + more, 1) if heading in text else f"{text}\n{heading}{more}")


@mutation("toml")
def tables_in_disorder(it: Spoilt) -> None:
    table = it.draws.choice(TABLES)
    more = it.draws.choice(
        ("[{0}]\n", "[[{0}]]\n", "[{0}.{0}]\n", "{0} = 1\n", "[{0}]\nx.y = 1\nx = 2\n", "{0}.x = 1\n")
    )
    text = text_of(it)
    write_text(it, it.draws.choice((more + text, text + "\n" + more)).replace("{0}", table))


@mutation("toml")
def beyond_bounds(it: Spoilt) -> None:
    """Nested deep, keys of many parts, numbers of many digits, tables without number: quadratic, or recursive."""
    more = it.draws.choice(
        (
            "x = " + "[" * 3_000 + "]" * 3_000,
            "x = " + "{a = " * 800 + "1" + "}" * 800,
            "x" + ".x" * 3_000 + " = 1",
            "[" + "x" + ".x" * 3_000 + "]",
            "".join(f"[t{n}]\n" for n in range(5_000)),
            "".join(f"a.b{n} = 1\n" for n in range(3_000)),
            "x = " + "9" * 5_000,
            "x = 1e" + "9" * 400,
            '"' + "k" * 100_000 + '" = 1',
            "\n".join(f"[[a.b{n}]]\n" for n in range(2_000)),
            "#" * 2_000_000,
        )
    )
    write_text(it, more + "\n" + text_of(it))


@mutation("toml")
def it_extends_what_it_should_not(it: Spoilt) -> None:
    """Itself, a ring, a long chain, a folder, a device, another folder's file, or no preset that there is."""
    base = it.draws.choice((it.path.name, "ring.toml", "link0.toml", ".", "/dev/zero", ELSEWHERE, "preset:none", ""))
    (it.path.parent / "ring.toml").write_text(f'extends = "{it.path.name}"\n')
    if base == "link0.toml":
        for n in range(300):
            (it.path.parent / f"link{n}.toml").write_text(f'extends = "link{n + 1}.toml"\n')
        (it.path.parent / "link300.toml").write_text("")
    write_text(it, f'extends = "{base}"\n{text_of(it)}')
