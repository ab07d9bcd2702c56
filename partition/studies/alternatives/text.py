"""Alternatives for people: lines, JSON, CSV and Markdown. Text from files is never a formula or markup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from geodata.files import replacing
from geodata.sheets import Cell, write_csv
from partition.formats.markdown import markdown_table, plain
from partition.formats.marks import INTERNAL, LETTERS
from partition.model.costs import THOUSANDTHS
from partition.plans.account import Account
from partition.plans.amounts import amount
from partition.solver.run import Status
from partition.studies.alternatives.find import Alternative, Alternatives, Firmness

MEANING: dict[Firmness, str] = {
    "the same": "has the same companions in every option",
    "firm core": "some of its companions are with it in every option",
    "toss-up": "nobody is with it in every option",
    "not placed": "no option places it",
}


def lettered(found: Alternatives) -> list[tuple[str, Alternative]]:
    """Return the plans, each with its letter."""
    return list(zip(LETTERS, found.plans, strict=False))


def account_of(found: Alternatives, one: Alternative) -> Account:
    """Return one of the plans as an account, with the bound of the best plan."""
    best = found.best
    met = best.bound is not None and one.cost.total <= best.bound and best.fewest_proven
    status: Status = "optimal" if met else "feasible"
    run = replace(best, status=status, plan=one.plan, cost=one.cost, unplaced=len(found.problem.unplaced(one.plan)))
    return Account(found.problem, one.plan, run=run)


def sureness(found: Alternatives) -> list[str]:
    """Say what is proven of all the plans, and whether there are more."""
    unit = found.problem.preferences.measure
    most = f"costs more than {amount(found.ceiling, unit)} a year"
    told = [
        f"Worked out afresh: none {most}, each leaves as few small schools unplaced as the best and keeps every rule, "
        f"and any two differ in the companions of {found.differ} schools at least."
    ]
    sure = all(one.cheapest for one in found.plans[1:])
    if len(found.plans) > 1:
        told.append(
            f"{'Each' if sure else 'Not each'} after the first is proven to be the cheapest that differs so much "
            "from those before it."
        )
    if found.ended == "no more":
        told.append("Proven: no further plan is within the limit and differs so much from all of these.")
    elif found.ended == "not known":
        told.append("Whether there is a further plan was not found out in the time given.")
    return told


def above(found: Alternatives, one: Alternative) -> float:
    """Return how far a plan's cost is above the bound, as a share of the bound."""
    return one.cost.total / found.best.bound - 1 if found.best.bound else 0.0


def lines(found: Alternatives) -> list[str]:
    """Return the lines that the command prints."""
    unit = found.problem.preferences.measure
    told = []
    for letter, one in lettered(found):
        differs = ", ".join(f"{n} from {LETTERS[k]}" for k, n in enumerate(one.differs))
        schools = f"; schools with other companions: {differs}" if differs else ""
        told.append(f"{letter}: {amount(one.cost.total, unit)} a year, {above(found, one):.2%} above the best{schools}")
    kinds = [f"{len(found.of(kind))} {kind}" for kind in MEANING if found.of(kind)]
    told += ["", f"Small schools and associates: {', '.join(kinds)}"]
    told += [f"  {kind}: {MEANING[kind]}" for kind in MEANING if found.of(kind)]
    tossed = [f"{found.problem.area.name_of(urn)} ({urn})" for urn in found.of("toss-up")]
    told += [f"Toss-ups: {', '.join(tossed)}"] if tossed else []
    return [*told, "", *sureness(found)]


def facts(found: Alternatives) -> dict[str, object]:
    """Return the alternatives as facts for JSON."""
    return {
        "best": None if found.best.cost is None else found.best.cost.total / THOUSANDTHS,
        "bound": None if found.best.bound is None else found.best.bound / THOUSANDTHS,
        "ceiling": found.ceiling / THOUSANDTHS,
        "unit": found.problem.preferences.measure,
        "differ": found.differ,
        "proven": found.proven,
        "ended": found.ended,
        "options": [
            {
                "letter": letter,
                "digest": one.plan.digest,
                "cost": one.cost.terms(),
                "above": round(above(found, one), 6),
                "differs": dict(zip(LETTERS, one.differs, strict=False)),
                "cheapest": one.cheapest,
            }
            for letter, one in lettered(found)
        ],
        "core": [list(urns) for urns in found.core],
        "toss_ups": list(found.of("toss-up")),
    }


def write_sheets(found: Alternatives, title: str, status: str, out: Path, *, internal: bool = False) -> dict[str, str]:
    """Write the options and the schools as CSV, and both as Markdown; return the paths."""
    files = {
        "options": out / "alternatives.csv",
        "schools": out / "alternatives_schools.csv",
        "markdown": out / "alternatives.md",
    }
    last = [[INTERNAL]] if internal else []
    write_csv(files["options"], [*_option_rows(found), *last])
    write_csv(files["schools"], [*_school_rows(found), *last])
    with replacing(files["markdown"]) as temporary:
        text = markdown(found, title, status, internal=internal)
        temporary.write_text(text, encoding="utf-8", newline="\n")
    return {what: str(path) for what, path in files.items()}


def _option_rows(found: Alternatives) -> Iterator[Sequence[Cell]]:
    plans = lettered(found)
    unit = "km" if found.problem.preferences.measure == "km" else "heads' minutes"
    differ = [f"schools that differ from {letter}" for letter, _ in plans[:-1]]
    yield ["option", f"{unit} a year", "above the best", "cheapest that differs so much", *differ]
    for letter, one in plans:
        blanks = [None] * (len(differ) - len(one.differs))
        cheapest = "proven" if one.cheapest else "not proven"
        yield [letter, one.cost.total / THOUSANDTHS, f"{above(found, one):.3%}", cheapest, *one.differs, *blanks]


def _school_rows(found: Alternatives) -> Iterator[Sequence[Cell]]:
    name = found.problem.area.name_of
    yield ["urn", "school", "in all options", *(f"companions in {letter}" for letter, _ in lettered(found))]
    for urn, kind in found.firmness.items():
        yield [urn, name(urn), kind, *("; ".join(map(name, others)) for others in found.companions(urn))]


def markdown(found: Alternatives, title: str, status: str, *, internal: bool = False) -> str:
    """Return the options, the firm core and the toss-ups as Markdown."""
    name = found.problem.area.name_of
    headings, *rows = _option_rows(found)
    said = [f"# {plain(title)}", "", *([f"**{INTERNAL}**", ""] if internal else []), plain(status), ""]
    said += markdown_table(
        [str(cell) for cell in headings], [["" if cell is None else f"{cell}" for cell in row] for row in rows]
    )
    said += ["", *(f"- {line}" for line in sureness(found)), "", "## Firm core: together in every option", ""]
    said += [f"- {'; '.join(plain(name(urn)) for urn in urns)}" for urns in found.core] or ["None."]
    said += ["", "## Toss-ups: nobody is with them in every option", ""]
    for urn in found.of("toss-up"):
        with_whom = [
            f"{letter}: {', '.join(plain(name(other)) for other in others) or 'not placed'}"
            for (letter, _), others in zip(lettered(found), found.companions(urn), strict=True)
        ]
        said.append(f"- {plain(name(urn))} ({urn}): {'; '.join(with_whom)}")
    return "\n".join([*said, ""] if found.of("toss-up") else [*said, "None.", ""])
