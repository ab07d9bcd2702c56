"""The plan as an XLSX workbook: filters, fixed headings, and sums as formulas.

The same plan gives the same bytes. Sheets are written by `spreadsheet`; those of money are in `money_sheets`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from geodata.sheets import new_workbook
from partition.model.costs import THOUSANDTHS
from partition.plans.account import Account, PartnershipAccount
from partition.plans.own_minutes import may_tell_all
from partition.report.brief import PARTS, Brief
from partition.report.criteria import criteria_met
from partition.report.money_sheets import (
    ALL,
    figures_sheet,
    flow_sheet,
    ledger_sheet,
    left_sheet,
    money_sheet,
    posts_sheet,
    rates_sheet,
    years_sheet,
)
from partition.report.spreadsheet import Cell, Column, Formula, Look, Sheet, matching, write_sheet
from partition.scheme.effects_sheet import tables as effects_tables


def write_workbook(brief: Brief, path: Path) -> None:
    """Write the workbook, which replaces an earlier file in one step."""
    with new_workbook(path, title=brief.background.title[:255]) as book:
        for sheet in sheets(brief):
            write_sheet(book, sheet, brief.standing.marks)


def sheets(brief: Brief) -> list[Sheet]:
    """Return every sheet, in order, without empty ones; the sheet of partnerships stays, because others refer to it."""
    schools = _schools(brief)
    partnerships = _partnerships(brief, schools)
    advisers = _advisers(brief, partnerships)
    rates = rates_sheet(brief)
    money = money_sheet(brief, rates)
    ledger = ledger_sheet(brief)
    years, left = years_sheet(brief, ledger), left_sheet(brief)
    posts, unplaced = posts_sheet(brief, money), _unplaced(brief)
    found = [
        _about(brief, schools, partnerships),
        figures_sheet(brief, [partnerships, money, years, posts, left, unplaced]),
        schools,
        partnerships,
        *([advisers] if advisers is not None else []),
        left,
        money,
        years,
        ledger,
        flow_sheet(brief, partnerships),
        posts,
        rates,
        _criteria(brief),
        unplaced,
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
            what = f"{'Small schools' if role in SMALL else 'Schools'} {words}"
            rows.append((what, Formula(matching(schools, "Part", f'"{words}"'), roles.count(role))))
    rows += [(what, value) for what, value in brief.figures.items() if what not in ("Partnerships", "Associates")]
    rows += [("How sure", account.sureness()), ("Drives", account.area.travel.words)]
    rows += [("How to read", note) for note in _READ]
    return Sheet(name="About", columns=(Column("What"), Column("Value", "count")), rows=tuple(rows))


SMALL = ("placed", "federation", "unplaced")  # parts that small schools alone have
_READ = (
    "Partnerships are voluntary. The plan shows what the criteria lead to; schools and the council decide.",
    "Sums are formulas: below a table they add up the rows that a filter leaves.",
    "Drives are one way between the places that heads travel from; a head of several schools travels from one.",
)


def _schools(brief: Brief) -> Sheet:
    account, area = brief.account, brief.account.area
    roster, place = account.problem.roster, account.place_of
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
        Column(own_heading(account, brief.internal), "minutes"),
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
    wished = brief.internal and any(card.wishes or card.not_wanted for card in cards.values())
    columns += [Column("Wishes, in order"), Column("Not wanted")] * wished
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
            card.own,
            card.links_kept,
            card.links_broken,
            card.reason,
            card.corrected,
        ]
        if brief.internal:
            row += [card.answer or "", card.answered, "; ".join(card.prefers), reasons.get(urn, "")]
        if wished:
            row += ["; ".join(card.wishes), "; ".join(card.not_wanted)]
        rows.append(tuple(row))
    return Sheet(name="Schools", columns=tuple(columns), rows=tuple(rows), total="All schools of the area")


def own_heading(account: Account, internal: bool) -> str:
    """Return the heading over what each head has, which says what is counted."""
    what = "travel, links and change" if may_tell_all(account, internal) else "travel"
    return f"Its head's own {what} a year, {'km' if account.unit == 'km' else 'minutes'}"


def _partnerships(brief: Brief, schools: Sheet) -> Sheet:
    scheme, area = brief.scheme, brief.account.area
    advisers, posts = scheme.advisers, scheme.posts
    is_km, even = brief.account.unit == "km", brief.scenario.venues.rota == "even"
    titles = list(dict.fromkeys(post.title for several in posts.values() for post in several))
    columns = (
        Column("No.", "count"),
        Column("Partnership"),
        Column("Stage"),
        Column("Since", "day"),
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
        *([Column("Meetings a year")] if even else []),
        *([Column("Adviser")] if advisers is not None else []),
        *(Column(f"{title}, full-time equivalents", "minutes", adds_up=True) for title in titles),
        Column("Criteria broken"),
    )
    rows = []
    for n, item in enumerate(brief.account.present, 2):
        own = scheme.log.of(item.number)
        fte = {post.title: post.fte_tenths / 10 for post in posts.get(item.number, ())}
        divisor = THOUSANDTHS if is_km else THOUSANDTHS * 60
        rows.append(
            (
                item.number,
                f"{item.name} (a partnership already)" if item.already else item.name,
                brief.stage(item.number),
                date.fromisoformat(own[-1].day) if own else None,
                len(item.group.members),
                *_counted(item, n, schools),
                area.name_of(item.venue_urn),
                item.mean_minutes,
                item.worst_minutes,
                item.cost.travel / divisor,
                item.links_kept,
                item.links_broken,
                *([scheme.venues[item.number].hosts_words(area)] if even else []),
                *([advisers.name_of(item.number) or "nobody yet"] if advisers is not None else []),
                *(fte.get(title, 0.0) for title in titles),
                "; ".join(breach.words for breach in item.breaches if not breach.private),
            )
        )
    return Sheet(name="Partnerships", columns=columns, rows=tuple(rows), total=ALL)


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
    notes = (proof, *nobody)
    return Sheet(name="Advisers", columns=columns, rows=tuple(rows), notes=notes, total="All advisers")


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
    return Sheet(name="Not yet placed", columns=columns, rows=rows, total="All not yet placed")


def _bands(brief: Brief) -> Sheet:
    columns = (
        Column("Number on roll"),
        *(Column(name, "count", adds_up=True) for name in ("Schools", "Pupils", "Small", "In a partnership")),
        Column("Associates", "count", adds_up=True),
    )
    rows = tuple((b.words, b.schools, b.pupils, b.small, b.placed, b.associates) for b in brief.scheme.bands)
    return Sheet(name="Sizes", columns=columns, rows=rows, total="All schools of the area")


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
        Column("Day", "day"),
        Column("No.", "count"),
        Column("Partnership"),
        Column("Stage"),
        Column("Business plan's costs", "pounds"),
        Column("Note"),
        Column("Then"),
    )
    names = {item.number: item.name for item in brief.account.partnerships}
    rows = tuple(
        (
            date.fromisoformat(one.day),
            one.partnership,
            names.get(one.partnership, ""),
            one.stage,
            one.costs_pounds,
            one.note,
            one.carried,
        )
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
