"""The plan as an XLSX workbook: filters, fixed headings, and sums as formulas.

Text is always written as text, so that no text is ever calculated as a formula. Each formula carries the plan's own
value, for programs that show a workbook without calculating it. The same plan gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from geodata.files import replacing
from geodata.sheets import EPOCH
from geodata.urns import Urn
from partition.model.costs import THOUSANDTHS
from partition.plans.account import PartnershipAccount
from partition.report.brief import PARTS, Brief
from partition.report.criteria import criteria_met
from partition.scheme.effects_sheet import tables as effects_tables
from partition.scheme.money import PartnershipMoney, TravelCost

Look = Literal["text", "urn", "count", "minutes", "hours", "pounds"]
FORMATS: dict[Look, str] = {
    "text": "@",
    "urn": "0",
    "count": "#,##0",
    "minutes": "0.0",
    "hours": "#,##0.0",
    "pounds": "£#,##0.00",
}
WIDTH_LEAST, WIDTH_MOST = 9, 60
ADDS_UP = "109"  # SUBTOTAL's sum of the rows that a filter leaves


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula, and its value by the plan."""

    text: str
    value: float


Cell = str | int | float | Formula | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, the format of its numbers, and whether they are added up below."""

    heading: str
    look: Look = "text"
    adds_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet: a table, with a row of sums where any column adds up."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = field(default=())  # below the table

    def range_of(self, heading: str) -> str:
        """Return the cells of a column, as formulas on other sheets refer to them."""
        from xlsxwriter.utility import xl_col_to_name

        letter = xl_col_to_name([column.heading for column in self.columns].index(heading))
        return f"'{self.name}'!${letter}$2:${letter}${max(len(self.rows), 1) + 1}"


def write_workbook(brief: Brief, path: Path) -> None:
    """Write the workbook, which replaces an earlier file in one step."""
    import xlsxwriter

    with replacing(path) as temporary:
        folder = {"tmpdir": str(temporary.parent)}  # XlsxWriter's temporary files remain if it fails
        book = xlsxwriter.Workbook(temporary, {"strings_to_formulas": False, "strings_to_urls": False, **folder})
        book.set_properties({"title": brief.background.title[:255], "created": EPOCH})
        for sheet in sheets(brief):
            _write(book, sheet, brief.standing.marks)
        book.close()


def sheets(brief: Brief) -> list[Sheet]:
    """Return every sheet, in order, without empty ones; the sheet of partnerships stays, because others refer to it."""
    schools = _schools(brief)
    partnerships = _partnerships(brief, schools)
    advisers = _advisers(brief, partnerships)
    rates = _rates(brief)
    found = [
        _about(brief, schools, partnerships),
        schools,
        partnerships,
        *([advisers] if advisers is not None else []),
        _money(brief, rates),
        _flow(brief, partnerships),
        rates,
        _criteria(brief),
        _unplaced(brief),
        _bands(brief),
        _exceptions(brief),
        _decisions(brief),
        *_effects(brief),
        *([_links(brief)] if brief.internal else []),
        _data(brief),
    ]
    return [sheet for sheet in found if sheet.rows or sheet is partnerships]


# The sheets -------------------------------------------------------------------------------------------------


def _about(brief: Brief, schools: Sheet, partnerships: Sheet) -> Sheet:
    account = brief.account
    roles = [account.role(urn) for urn in account.area.urns]
    apart = f"-{len(account.federations)}" if account.federations else ""  # their own row says how many
    rows: list[tuple[Cell, Cell]] = [
        ("About", brief.background.title),
        ("Standing", "; ".join(brief.standing.marks)),
        ("Dated", brief.standing.day_words),
        ("Plan", account.plan.digest),
        ("Partnerships", Formula(f"=COUNT({partnerships.range_of('No.')}){apart}", len(account.joined))),
    ]
    for role, words in PARTS.items():
        if role in roles:
            rows.append((f"Schools {words}", Formula(_matching(schools, "Part", f'"{words}"'), roles.count(role))))
    rows += [(what, value) for what, value in brief.figures.items() if what not in ("Partnerships", "Associates")]
    rows += [("How sure", account.sureness()), ("Drives", account.area.travel.words)]
    rows += [("How to read", note) for note in _READ]
    return Sheet(name="About", columns=(Column("What"), Column("Value", "count")), rows=tuple(rows))


_READ = (
    "Partnerships are voluntary. The plan shows what the criteria lead to; schools and the council decide.",
    "Sums are formulas: below a table they add up the rows that a filter leaves.",
    "Drives are one way between the places that heads travel from; a head of several schools travels from one.",
)


def _schools(brief: Brief) -> Sheet:
    account, area = brief.account, brief.account.area
    roster, place = account.problem.roster, account.plan.partnership_of
    columns = [
        Column(area.identifier.one, "urn"),
        Column("School"),
        Column("Town"),
        Column("Number on roll", "count", adds_up=True),
        Column("Part"),
        Column("No.", "count"),
        Column("Partnership"),
        Column("Stage"),
        Column("One head with"),
        Column("Partnership today"),
        Column("No longer with"),
        Column("Its head's longest drive, base to base, minutes", "minutes"),
        Column("Working links kept", "count"),
        Column("Working links parted", "count"),
        Column("Why not placed, or not taking part"),
        Column("Corrected"),
    ]
    if brief.internal:
        columns += [
            Column("Answer"),
            Column("Answered"),
            Column("Would like to work with"),
            Column("Exception's reason"),
        ]
    cards = {card.urn: card for card in brief.atlas.schools}
    reasons = {one.urn: one.reason for one in brief.scheme.exceptions}
    rows = []
    for position, urn in enumerate(area.urns):
        card, number = cards[urn], place.get(urn)
        node = roster.headship_of.get(urn)
        others = [] if node is None else [area.name_of(u) for u in roster.headships[node].urns if u != urn]
        row: list[Cell] = [
            urn,
            area.names[position],
            card.town,
            int(area.pupils[position]),
            PARTS[card.role],
            number,
            "" if number is None else account.partnerships[number - 1].name,
            "" if number is None else brief.stage(number),
            "; ".join(others),
            card.today,
            "; ".join(card.leaves),
            card.worst_minutes,
            card.links_kept,
            card.links_broken,
            card.reason,
            card.corrected,
        ]
        if brief.internal:
            row += [card.answer or "", card.answered, "; ".join(card.prefers), reasons.get(urn, "")]
        rows.append(tuple(row))
    return Sheet(name="Schools", columns=tuple(columns), rows=tuple(rows))


def _partnerships(brief: Brief, schools: Sheet) -> Sheet:
    scheme, area = brief.scheme, brief.account.area
    advisers, posts = scheme.advisers, scheme.posts
    is_km = brief.account.unit == "km"
    titles = list(dict.fromkeys(post.title for several in posts.values() for post in several))
    columns = (
        Column("No.", "count"),
        Column("Partnership"),
        Column("Stage"),
        Column("Since"),
        Column("Heads", "count", adds_up=True),
        Column("Schools", "count", adds_up=True),
        Column("Small schools", "count", adds_up=True),
        Column("Associates", "count", adds_up=True),
        Column("Number on roll", "count", adds_up=True),
        Column("Meeting venue"),
        Column("Average drive between bases, minutes", "minutes"),
        Column("Longest drive between bases, minutes", "minutes"),
        Column("Heads' travel a year, km" if is_km else "Heads' travel a year, hours", "hours", adds_up=True),
        Column("Working links kept", "count", adds_up=True),
        Column("Working links parted", "count"),
        *([Column("Adviser")] if advisers is not None else []),
        *(Column(f"{title}, full-time equivalents", "minutes", adds_up=True) for title in titles),
        Column("Criteria broken"),
    )
    rows = []
    for n, item in enumerate(brief.account.partnerships, 2):
        own = scheme.log.of(item.number)
        fte = {post.title: post.fte_tenths / 10 for post in posts.get(item.number, ())}
        divisor = THOUSANDTHS if is_km else THOUSANDTHS * 60
        rows.append(
            (
                item.number,
                f"{item.name} (a partnership already)" if item.already else item.name,
                brief.stage(item.number),
                own[-1].day if own else "",
                len(item.group.members),
                *_counted(item, n, schools),
                area.name_of(item.venue_urn),
                item.mean_minutes,
                item.worst_minutes,
                item.cost.travel / divisor,
                item.links_kept,
                item.links_broken,
                *([advisers.name_of(item.number) or "nobody yet"] if advisers is not None else []),
                *(fte.get(title, 0.0) for title in titles),
                "; ".join(breach.words for breach in item.breaches if not breach.private),
            )
        )
    return Sheet(name="Partnerships", columns=columns, rows=tuple(rows))


def _counted(item: PartnershipAccount, row: int, schools: Sheet) -> Iterator[Formula]:
    """Yield formulas that count a partnership's schools and pupils on the sheet of schools."""
    numbers, parts = schools.range_of("No."), schools.range_of("Part")
    yield Formula(f"=COUNTIF({numbers},A{row})", len(item.group.schools))
    small = "federation" if item.already else "placed"
    for role, count in ((small, item.group.small), ("associate", item.group.associates)):
        yield Formula(f'=COUNTIFS({numbers},A{row},{parts},"{PARTS[role]}")', count)
    yield Formula(f"=SUMIF({numbers},A{row},{schools.range_of('Number on roll')})", item.group.pupils)


def _advisers(brief: Brief, partnerships: Sheet) -> Sheet | None:
    assigned = brief.scheme.advisers
    if assigned is None:
        return None
    rows = []
    served, counts = partnerships.range_of("Adviser"), partnerships.range_of("Schools")
    for n, patch in enumerate(assigned.patches, 2):
        rows.append(
            (
                patch.adviser.name,
                patch.adviser.office,
                # `=` between ranges compares a name literally; COUNTIF would interpret "=" or "*"
                Formula(f"=SUMPRODUCT(--({served}=A{n}))", len(patch.partnerships)),
                patch.adviser.caseload,
                Formula(f"=SUMPRODUCT(({served}=A{n})*{counts})", patch.schools),
                patch.drive_minutes / 60,
                patch.days or None,
                len(patch.new_schools),
            )
        )
    columns = (
        Column("Adviser"),
        Column("Office"),
        Column("Partnerships", "count", adds_up=True),
        Column("Caseload at most", "count"),
        Column("Schools", "count", adds_up=True),
        Column("Drive a year, hours", "hours", adds_up=True),
        Column("Days a year", "minutes", adds_up=True),
        Column("Schools new to the adviser", "count", adds_up=True),
    )
    nobody = tuple(f"{brief.label(n)}: nobody serves it: {assigned.why_unserved[n]}" for n in assigned.unserved)
    proof = "Proven best: no assignment serves more partnerships, and among those none costs less."
    return Sheet(name="Advisers", columns=columns, rows=tuple(rows), notes=(proof, *nobody))


MONEY = (
    Column("No.", "count"),
    Column("Partnership"),
    Column("Stage"),
    Column("Small schools", "count", adds_up=True),
    Column("A year", "pounds", adds_up=True),
    Column("To start, at most", "pounds", adds_up=True),
    Column("To start, due", "pounds", adds_up=True),
    Column("Rest of the first year, due", "pounds", adds_up=True),
    Column("First year in all", "pounds", adds_up=True),
    Column("Paid so far", "pounds", adds_up=True),
    Column("Still to come", "pounds", adds_up=True),
    Column("Lump sums, as given", "pounds", adds_up=True),
    Column("Schools with a lump sum", "count", adds_up=True),
    Column("Sparsity, as given", "pounds", adds_up=True),
    Column("Schools with sparsity", "count", adds_up=True),
    Column("Heads' drives, minutes", "count", adds_up=True),
    Column("Heads' drives, miles", "count", adds_up=True),
    Column("Mileage", "pounds", adds_up=True),
    Column("Heads' time", "pounds", adds_up=True),
    Column("Staff visits", "pounds", adds_up=True),
    Column("Travel in all", "pounds", adds_up=True),
)


def _money(brief: Brief, rates: Sheet) -> Sheet:
    money = brief.scheme.money
    source = money.source or "no source is named"
    notes = (
        f"Figures: {source}. Lump sums and sparsity are as imported, never inferred; travel is beside the money.",
        "To start, due: as far as the business plan's approved costs go, where they are asked for.",
    )
    rows = tuple(_money_row(one, n, rates) for n, one in enumerate(money.partnerships, 2))
    return Sheet(name="Money", columns=MONEY, rows=rows, notes=notes)


def _money_row(one: PartnershipMoney, n: int, rates: Sheet) -> tuple[Cell, ...]:
    def rate(name: str) -> str:
        return f"'{rates.name}'!$B${[row[0] for row in rates.rows].index(name) + 2}"

    due = {what: sum(payment.pence for payment in one.payments if payment.what == what) for what in DUE}
    travel: TravelCost = one.travel
    return (
        one.number,
        one.name,
        one.stage,
        one.small_schools,
        Formula(f"={rate(PREMIUM)}+{rate(PER_SCHOOL)}*D{n}", one.yearly_pence / 100),
        Formula(f"={rate(START)}*D{n}", one.start_most_pence / 100),
        *(due[what] / 100 for what in DUE),
        Formula(f"=G{n}+H{n}", one.first_year_pence / 100),
        one.paid_pence / 100,
        Formula(f"=I{n}-J{n}", (one.first_year_pence - one.paid_pence) / 100),
        one.lump_sum_pence / 100,
        one.lump_sum_schools,
        one.sparsity_pence / 100,
        one.sparsity_schools,
        travel.heads_minutes,
        travel.heads_miles,
        *(None if p is None else p / 100 for p in (travel.mileage_pence, travel.heads_time_pence, travel.staff_pence)),
        Formula(f"=SUM(R{n}:T{n})", travel.pence / 100),
    )


DUE = ("to start", "a year")
PREMIUM, PER_SCHOOL, START = (
    "Each partnership a year",
    "Each small school in a partnership a year",
    "Each small school once, to start",
)


def _rates(brief: Brief) -> Sheet:
    given = brief.scenario.money
    rows: tuple[tuple[Cell, ...], ...] = (
        (PREMIUM, given.per_partnership, f"paid when it is: {given.yearly_at}"),
        (PER_SCHOOL, given.per_school, f"paid when it is: {given.yearly_at}"),
        (START, given.start_per_school, f"paid when it is: {given.start_at}"),
        ("Mileage, a mile", given.pence_per_mile / 100, "0: not priced"),
        ("An hour of a head's time", given.pounds_per_head_hour, "0: not priced"),
        ("An hour of staff's time", given.pounds_per_staff_hour, "0: not priced"),
    )
    source = given.source or "no source is named"
    return Sheet(
        name="Rates", columns=(Column("Rate"), Column("Pounds", "pounds"), Column("Note")), rows=rows, notes=(source,)
    )


def _flow(brief: Brief, partnerships: Sheet) -> Sheet:
    columns = (
        Column("Stage"),
        Column("Partnerships there", "count", adds_up=True),
        Column("Paid on reaching it", "pounds", adds_up=True),
        Column("Still to come at it", "pounds", adds_up=True),
    )
    rows = tuple(
        (
            one.stage,
            Formula(_matching(partnerships, "Stage", f"A{n}"), one.partnerships),
            one.paid_pence / 100,
            one.to_come_pence / 100,
        )
        for n, one in enumerate(brief.scheme.money.flow, 2)
    )
    return Sheet(name="Cash flow", columns=columns, rows=rows, notes=("Of the first year, by stage.",))


def _criteria(brief: Brief) -> Sheet:
    said = {True: "yes", False: "no", None: "as sealed"}
    rows = tuple((met.words, met.how, said[met.is_met]) for met in criteria_met(brief.account))
    columns = (Column("Criterion"), Column("In the plan"), Column("Met"))
    return Sheet(name="Criteria", columns=columns, rows=rows, notes=(brief.account.sureness(),))


def _unplaced(brief: Brief) -> Sheet:
    account, area = brief.account, brief.account.area
    rows = tuple(
        (urn, area.name_of(urn), int(area.pupils[area.index[urn]]), account.reasons.get(urn, ""))
        for urn in account.unplaced
    )
    pupils = Column("Number on roll", "count", adds_up=True)
    columns = (Column(area.identifier.one, "urn"), Column("School"), pupils, Column("Why"))
    return Sheet(name="Not yet placed", columns=columns, rows=rows)


def _bands(brief: Brief) -> Sheet:
    columns = (
        Column("Number on roll"),
        *(Column(name, "count", adds_up=True) for name in ("Schools", "Pupils", "Small", "In a partnership")),
        Column("Associates", "count", adds_up=True),
    )
    rows = tuple((b.words, b.schools, b.pupils, b.small, b.placed, b.associates) for b in brief.scheme.bands)
    return Sheet(name="Sizes", columns=columns, rows=rows)


def _exceptions(brief: Brief) -> Sheet:
    """Return the exceptions; reasons only in internal workbooks."""
    one = brief.account.area.identifier.one
    columns = [Column(one, "urn"), Column("School"), Column("Number on roll", "count"), Column("Exception")]
    rows: list[tuple[Cell, ...]] = [(o.urn, o.name, o.pupils, o.what) for o in brief.scheme.exceptions]
    if brief.internal:
        columns.append(Column("Reason"))
        rows = [(*row, one.reason) for row, one in zip(rows, brief.scheme.exceptions, strict=True)]
    return Sheet(name="Exceptions", columns=tuple(columns), rows=tuple(rows))


def _decisions(brief: Brief) -> Sheet:
    columns = (
        Column("Day"),
        Column("No.", "count"),
        Column("Partnership"),
        Column("Stage"),
        Column("Business plan's costs", "pounds"),
        Column("Note"),
        Column("Then"),
    )
    names = {item.number: item.name for item in brief.account.partnerships}
    rows = tuple(
        (one.day, one.partnership, names.get(one.partnership, ""), one.stage, one.costs_pounds, one.note, one.carried)
        for one in brief.scheme.log.decisions
    )
    return Sheet(name="Decisions", columns=columns, rows=rows)


def _effects(brief: Brief) -> Iterator[Sheet]:
    """Yield results, survey and activities, each with the caution about causes below it."""
    found = brief.scheme.effects
    for table in () if found is None else effects_tables(brief.scheme, found, internal=brief.internal):
        columns = tuple(Column(str(heading), _look(cells)) for heading, *cells in table.columns)
        notes = (*([table.note] if table.note else []), found.caution if found else "")
        yield Sheet(name=table.name, columns=columns, rows=table.rows, notes=notes)


def _look(cells: Sequence[Cell]) -> Look:
    """Return the format of a column by what it holds: whole numbers without commas, as years need it."""
    if any(isinstance(cell, float) for cell in cells):
        return "minutes"
    return "urn" if any(isinstance(cell, int) for cell in cells) else "text"


def _links(brief: Brief) -> Sheet:
    area = brief.account.area
    one = area.identifier.one
    columns = tuple(map(Column, (f"{one} a", "School a", f"{one} b", "School b", "Working link")))
    rows = tuple(
        (str(a), area.name_of(a), str(b), area.name_of(b), "kept" if kept else "parted")
        for a, b, kept in brief.account.links
    )
    return Sheet(name="Working links", columns=columns, rows=rows)


def _data(brief: Brief) -> Sheet:
    day = brief.settings.data_day
    rows: list[tuple[Cell, ...]] = [("Data of", day, "")] if day else []
    rows += [
        ("File", name, f"SHA-256 {sha256}" if sha256 else "no hash is kept of it") for name, sha256 in brief.sources
    ]
    rows += [("Notice", words, "") for words in brief.background.told]
    rows += [("Credit", words, "") for words in brief.background.attribution]
    return Sheet(name="Data", columns=(Column("What"), Column("Words"), Column("More")), rows=tuple(rows))


def _matching(sheet: Sheet, heading: str, value: str) -> str:
    """Return a formula that counts the cells of a column with exactly this value."""
    return f"=SUMPRODUCT(--({sheet.range_of(heading)}={value}))"


# Writing ----------------------------------------------------------------------------------------------------


def _write(book: Any, sheet: Sheet, marks: Sequence[str]) -> None:
    page = book.add_worksheet(sheet.name)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    for n, column in enumerate(sheet.columns):
        look = book.add_format({"num_format": FORMATS[column.look]})
        page.set_column(n, n, _width(column, [row[n] for row in sheet.rows]), look)
        page.write_string(0, n, column.heading, bold)
        for row, cells in enumerate(sheet.rows, 1):
            _put(page, row, n, cells[n], look)
    last = len(sheet.rows)
    page.freeze_panes(1, 2 if len(sheet.columns) > 4 else 0)
    page.autofilter(0, 0, last, len(sheet.columns) - 1)
    if any(column.adds_up for column in sheet.columns):
        last = max(last, 1) + 1
        _sums(book, page, sheet, last)
    for n, note in enumerate(sheet.notes, last + 2):
        page.write_string(n, 0, note, book.add_format({"italic": True}))
    standing = " · ".join(marks).replace("&", "&&")
    page.set_header(f"&L{standing}&R&A")
    page.set_footer("&RPage &P of &N")
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _put(page: Any, row: int, column: int, cell: Cell, look: Any) -> None:
    match cell:
        case None:
            return
        case Urn():
            page.write(row, column, cell.plain, look)  # a number where it is one, so that lookups find it
        case str():
            page.write_string(row, column, cell, look)
        case Formula():
            page.write_formula(row, column, cell.text, look, cell.value)
        case _:
            page.write_number(row, column, cell, look)


def _sums(book: Any, page: Any, sheet: Sheet, row: int) -> None:
    """Write the last row: sums of the rows that a filter leaves."""
    from xlsxwriter.utility import xl_col_to_name

    page.write_string(row, 0, "In all", book.add_format({"bold": True, "top": 1}))
    for n, column in enumerate(sheet.columns):
        if column.adds_up:
            letter = xl_col_to_name(n)
            look = book.add_format({"num_format": FORMATS[column.look], "bold": True, "top": 1})
            total = _added(row[n] for row in sheet.rows)
            page.write_formula(
                row, n, f"=SUBTOTAL({ADDS_UP},{letter}2:{letter}{max(len(sheet.rows), 1) + 1})", look, total
            )


def _added(cells: Iterable[Cell]) -> float:
    values = [cell.value if isinstance(cell, Formula) else cell for cell in cells]
    return sum(value for value in values if isinstance(value, int | float))


def _width(column: Column, cells: Sequence[Cell]) -> int:
    longest = max((len(cell) for cell in cells if isinstance(cell, str)), default=0)
    return min(max(longest + 2, len(column.heading) // 2 + 3, WIDTH_LEAST), WIDTH_MOST)
