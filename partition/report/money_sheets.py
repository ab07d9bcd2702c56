"""The workbook's sheets of money: each partnership's, the ledger, financial years, stages, posts, rates and figures.

Every row is of a partnership that has not left; those that have are on a sheet of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from partition.plans.amounts import PENCE
from partition.report.brief import Brief
from partition.report.figures import Quoted, year_key
from partition.report.money import FORMULA_WORDS, IMPORTED
from partition.report.spreadsheet import Cell, Column, Formula, Sheet, matching
from partition.scheme.ledger import GRANTS, LATER, Payment, What, year_words
from partition.scheme.money import MoneyAccount, PartnershipMoney

ALL = "All that have not left"
PREMIUM, PER_SCHOOL, START_RATE, MILEAGE = (
    "Each partnership a year",
    "Each small school in a partnership a year",
    "Each small school once, to start",
    "Mileage, a mile",
)
NOT_KNOWN = "Not known yet"  # a financial year, before the stage is reached


def pounds_of(pence: int | None) -> float | None:
    """Return pence as a number of pounds for a cell; None for an empty one."""
    return None if pence is None else pence / PENCE


def rates_sheet(brief: Brief) -> Sheet:
    """Return the rates that the other sheets refer to."""
    given = brief.scenario.money
    rows: tuple[tuple[Cell, ...], ...] = (
        (PREMIUM, given.per_partnership, f"paid when it is: {given.yearly_at}"),
        (PER_SCHOOL, given.per_school, f"paid when it is: {given.yearly_at}"),
        (START_RATE, given.start_per_school, f"paid when it is: {given.start_at}"),
        (MILEAGE, given.pence_per_mile / PENCE, "0: not priced"),
        ("An hour of a head's time", given.pounds_per_head_hour, "0: not priced"),
        ("An hour of staff's time", given.pounds_per_staff_hour, "0: not priced"),
    )
    source = given.source or "no source is named"
    columns = (Column("Rate"), Column("Pounds", "pounds"), Column("Note"))
    return Sheet(name="Rates", columns=columns, rows=rows, notes=(source,))


MONEY = (
    Column("No.", "count"),
    Column("Partnership"),
    Column("Stage"),
    Column("Small schools", "count", adds_up=True),
    Column("To start, at most", "pounds", adds_up=True),
    Column("Business plan's costs, as approved", "pounds", adds_up=True),
    Column("To start", "pounds", adds_up=True),
    Column("First financial year", "pounds", adds_up=True),
    Column("First year in all", "pounds", adds_up=True),
    Column("Paid so far", "pounds", adds_up=True),
    Column("Still to come", "pounds", adds_up=True),
    Column("Each later year", "pounds", adds_up=True),
    Column("What is not known yet"),
    Column("Heads' drives, minutes", "count", adds_up=True),
    Column("Heads' drives, miles", "count", adds_up=True),
    Column("Mileage", "pounds", adds_up=True),
    Column("Heads' time", "pounds", adds_up=True),
    Column("Staff's drives, minutes", "count", adds_up=True),
    Column("Staff's drives, miles", "count", adds_up=True),
    Column("Staff visits", "pounds", adds_up=True),
    Column("Travel in all", "pounds", adds_up=True),
)


def money_sheet(brief: Brief, rates: Sheet) -> Sheet:
    """Return a row for each partnership: its grant, sums by formula of its schools, and travel."""
    money = brief.scheme.money
    kinds = money.formula_kinds
    columns = [*MONEY]
    for what, year in kinds:
        when = "" if year is None else f" {year_words(year)}"
        columns.append(Column(f"{FORMULA_WORDS[what]}{when}, as imported", "pounds", adds_up=True))
        columns.append(Column(f"Schools with {FORMULA_WORDS[what].lower()}{when}", "count", adds_up=True))
    notes = (
        f"Figures: {money.source or 'no source is named'}. Travel is beside the money, and no grant.",
        "To start: as far as the business plan's approved costs go, where the scheme asks for them.",
        IMPORTED,
    )
    rows = tuple(_money_row(one, n, rates, kinds) for n, one in enumerate(money.partnerships, 2))
    return Sheet(name="Money", columns=tuple(columns), rows=rows, notes=notes, total=ALL)


def _money_row(
    one: PartnershipMoney, n: int, rates: Sheet, kinds: Sequence[tuple[What, int | None]]
) -> tuple[Cell, ...]:
    def rate(name: str) -> str:
        return rates.cell_of("Pounds", [row[0] for row in rates.rows].index(name))

    travel = one.travel
    row: list[Cell] = [
        one.number,
        one.name,
        one.stage,
        one.small_schools,
        Formula(f"={rate(START_RATE)}*D{n}", one.start_most_pence / PENCE),
        pounds_of(one.costs_pence),
        one.start_pence / PENCE,
        one.first_pence / PENCE,
        Formula(f"=G{n}+H{n}", one.first_year_pence / PENCE),
        one.paid_pence / PENCE,
        Formula(f"=I{n}-J{n}", one.to_come_pence / PENCE),
        Formula(f"={rate(PREMIUM)}+{rate(PER_SCHOOL)}*D{n}", one.yearly_pence / PENCE),
        _not_known(one),
    ]
    mileage = None
    if travel.mileage_pence is not None:
        mileage = Formula(f"=O{n}*{rate(MILEAGE)}", travel.mileage_pence / PENCE)
    row += [travel.heads_minutes, travel.heads_miles, mileage, pounds_of(travel.heads_time_pence)]
    row += [travel.staff_minutes, travel.staff_miles, pounds_of(travel.staff_pence)]
    row.append(Formula(f"=SUM(P{n}:Q{n})+SUM(T{n}:T{n})", travel.pence / PENCE))
    for what, year in kinds:
        found = one.by_formula(what, year)
        row += [sum(payment.pence for payment in found) / PENCE, len(found)]
    return tuple(row)


def _not_known(one: PartnershipMoney) -> str:
    if one.costs_are_missing:
        return "the approved costs: nothing is paid to start without them"
    return "; ".join(f"{payment.what}: at most so much" for payment in one.payments if payment.at_most)


LEDGER = (
    Column("No.", "count"),
    Column("Partnership"),
    Column("Financial year"),
    Column("Due on", "day"),
    Column("On reaching the stage"),
    Column("What for"),
    Column("Pounds", "pounds"),
    Column("Standing"),
)


def ledger_sheet(brief: Brief) -> Sheet:
    """Return every payment as a row: the scheme's own, then sums by formula of schools."""
    ledger, names = brief.scheme.money.ledger, brief.account.partnerships
    payments = sorted(ledger.payments, key=lambda one: one.school is not None)
    rows = tuple(
        (
            one.partnership,
            names[one.partnership - 1].name,
            NOT_KNOWN if one.year is None else year_words(one.year),
            date.fromisoformat(one.day) if one.day else None,
            one.stage or "",
            one.what,
            one.pence / PENCE,
            standing_of(one),
            one.school,
        )
        for one in payments
    )
    notes = ("Sums by formula are a school's own budget, as imported, and no grant.",)
    school = Column(f"{brief.account.area.identifier.one} of its school", "urn")
    return Sheet(name="Ledger", columns=(*LEDGER, school), rows=rows, notes=notes)


def standing_of(one: Payment) -> str:
    """Return how certain a payment is, in words."""
    if one.school is not None:
        return "as imported"
    if one.what == LATER:
        return "in a later year"
    if one.is_paid:
        return "paid"
    return "still to come, at most" if one.at_most else "still to come"


def years_sheet(brief: Brief, ledger: Sheet) -> Sheet:
    """Return the grant by financial year and what it is for, added up from the ledger."""
    found = brief.scheme.money.ledger
    has_unknown = any(one.year is None for one in found.grants)
    years = [*found.years, *([None] if has_unknown else [])]
    pounds, of_year, of_what = (ledger.range_of(name) for name in ("Pounds", "Financial year", "What for"))

    def cell(n: int, year: int | None, what: What) -> Formula:
        wanted = f'=SUMIFS({pounds},{of_year},A{n},{of_what},"{what}")'
        return Formula(wanted, found.in_year(year, what) / PENCE)

    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            NOT_KNOWN if year is None else year_words(year),
            *(cell(n, year, what) for what in GRANTS),
            Formula(f"=SUM(B{n}:D{n})", found.in_year(year) / PENCE),
        )
        for n, year in enumerate(years, 2)
    )
    headings = ("To start", "First financial years", "Later years", "In all")
    columns = (Column("Financial year"), *(Column(name, "pounds", adds_up=True) for name in headings))
    notes = (
        "April to March, of all partnerships that have not left, as far as the ledger runs.",
        "Of partnerships whose first year is still to come there are no later years.",
    )
    return Sheet(name="Financial years", columns=columns, rows=rows, notes=notes, total="All that the ledger has")


def flow_sheet(brief: Brief, partnerships: Sheet) -> Sheet:
    """Return what is paid and still to come, to start and of first years, by stage."""
    columns = (
        Column("Stage"),
        Column("Partnerships there", "count", adds_up=True),
        Column("Paid on reaching it", "pounds", adds_up=True),
        Column("Still to come at it", "pounds", adds_up=True),
    )
    rows = tuple(
        (
            one.stage,
            Formula(matching(partnerships, "Stage", f"A{n}"), one.partnerships),
            one.paid_pence / PENCE,
            one.to_come_pence / PENCE,
        )
        for n, one in enumerate(brief.scheme.money.flow, 2)
    )
    notes = ("To start and of first financial years, by the stage at which it is paid.",)
    return Sheet(name="Cash flow", columns=columns, rows=rows, notes=notes, total=ALL)


def posts_sheet(brief: Brief, money: Sheet) -> Sheet:
    """Return what each partnership's grant of a whole year buys of shared posts, and what is left."""
    bought = brief.scheme.bought
    titles = [title for title, _ in bought[0].posts] if bought else []
    last = chr(ord("C") + len(titles))  # column of the last post
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            one.number,
            one.name,
            Formula(f"={money.cell_of('Each later year', n - 2)}", one.grant_pence / PENCE),
            *(pence / PENCE for _, pence in one.posts),
            Formula(f"=C{n}-SUM(D{n}:{last}{n})", one.left_pence / PENCE),
        )
        for n, one in enumerate(bought, 2)
    )
    headings = ("Grant of a whole year", *titles, "Left")
    columns = (Column("No.", "count"), Column("Partnership"), *(Column(h, "pounds", adds_up=True) for h in headings))
    return Sheet(name="Grant and posts", columns=columns, rows=rows, total=ALL)


def left_sheet(brief: Brief) -> Sheet:
    """Return the partnerships that have left, with what they were paid before: they are in no other sum."""
    rows = tuple(
        (one.number, one.name, date.fromisoformat(one.day), one.schools, one.small_schools, one.paid_pence / PENCE)
        for one in brief.scheme.money.left
    )
    columns = (
        Column("No.", "count"),
        Column("Partnership"),
        Column("Left on", "day"),
        Column("Schools", "count", adds_up=True),
        Column("Small schools", "count", adds_up=True),
        Column("Paid before it left", "pounds", adds_up=True),
    )
    return Sheet(name="Left", columns=columns, rows=rows, total="All that have left")


def figures_sheet(brief: Brief, sheets: Sequence[Sheet]) -> Sheet:
    """Return the figures that all papers quote, as formulas over the other sheets where these hold what they add up."""
    by_name = {sheet.name: sheet for sheet in sheets if sheet.rows}
    rows = tuple(
        (one.words, *((None, cell) if one.unit else (cell, None)), "at most" if one.at_most else "")
        for one in brief.quoted.values()
        for cell in [_figure(one, by_name, brief.scheme.money)]
    )
    columns = (Column("Figure"), Column("Number", "count"), Column("Pounds", "pounds"), Column("Note"))
    notes = ("Report, school sheets and JSON quote these figures.",)
    return Sheet(name="Figures", columns=columns, rows=rows, notes=notes)


SUMS = {  # by key: the sheet and the columns that add up to the figure
    "heads": ("Partnerships", "Heads"),
    "schools": ("Partnerships", "Schools"),
    "placed": ("Partnerships", "Small schools"),
    "associates": ("Partnerships", "Associates"),
    "pupils": ("Partnerships", "Number on roll"),
    "small left": ("Left", "Small schools"),
    "start": ("Money", "To start"),
    "first": ("Money", "First financial year"),
    "first year": ("Money", "First year in all"),
    "paid": ("Money", "Paid so far"),
    "to come": ("Money", "Still to come"),
    "later year": ("Money", "Each later year"),
    "paid to left": ("Left", "Paid before it left"),
    "left of grant": ("Grant and posts", "Left"),
    "minutes": ("Money", "Heads' drives, minutes"),
    "miles": ("Money", "Heads' drives, miles"),
    "mileage": ("Money", "Mileage"),
    "heads' time": ("Money", "Heads' time"),
    "staff visits": ("Money", "Staff visits"),
}


def _figure(one: Quoted, sheets: dict[str, Sheet], money: MoneyAccount) -> Cell:
    """Return a figure's formula over the sheet that has its parts; its value where no sheet has."""
    name, heading = SUMS.get(one.key, ("", ""))
    if name in sheets:
        return Formula(f"=SUM({sheets[name].range_of(heading)})", one.value)
    name = {"left": "Left", "unplaced": "Not yet placed"}.get(one.key, "")
    if name in sheets:
        listed = sheets[name].range_of(sheets[name].columns[0].heading)
        return Formula(f"=COUNTA({listed})", one.value)
    years = {year_key(year): n for n, year in enumerate([*money.ledger.years, None])}
    if one.key in years and "Financial years" in sheets:
        return Formula(f"={sheets['Financial years'].cell_of('In all', years[one.key])}", one.value)
    if one.key == "posts":
        bought = sheets["Grant and posts"]
        parts = [bought.range_of(column.heading) for column in bought.columns[3:-1]]
        return Formula("=" + "+".join(f"SUM({part})" for part in parts), one.value)
    return one.value
