"""What a council must weigh before it decides: the law, risks, equality and travel, climate."""

from __future__ import annotations

from collections.abc import Iterator

from partition.maps.facts import count as count_of
from partition.report.authored import authored
from partition.report.brief import Brief
from partition.report.method import RISKS
from partition.report.paper import Block, Words, count, grid


def legal(brief: Brief) -> Iterator[Block]:
    """Yield what the plan is in law, and the legal officer's comments."""
    yield Words(
        "The plan binds nobody: a partnership comes about only when the governing body or trust of each of its "
        "schools agrees to it."
    )
    yield from authored(brief, "legal")


def risk(brief: Brief) -> Iterator[Block]:
    """Yield the risks of the method and of this plan, and those that the author names."""
    account = brief.account
    rows = list(RISKS)
    if account.unplaced:
        schools = count(len(account.unplaced), "small school")
        rows.append((f"{schools} not yet placed", "Each has its reason in this report, and is to be talked to."))
    if slow := count_of(brief.atlas).very_slow:
        most = brief.atlas.flags_minutes[1]
        schools = count(slow, "school has", "schools have")
        rows.append((f"{schools} a drive of over {most} minutes", "Named on the map's page; meetings can be online."))
    rows.append(("Schools say no", "Nothing is decided without them; the plan can be made again with their answers."))
    yield grid("Risks, and what is done about them", ("Risk", "What is done"), rows, (4, 7))
    yield from authored(brief, "risk")


def equality(brief: Brief) -> Iterator[Block]:
    account = brief.account
    drives = account.drives
    lower, higher = brief.atlas.flags_minutes
    counts = count_of(brief.atlas)
    if drives.size:
        yield Words(
            f"Travel: drives between the bases of two heads of a partnership take {drives.mean():.0f} minutes on "
            f"average and {drives[-1]:.0f} at most. {count(counts.slow, 'school')} would have a drive of over {lower} "
            f"and up to {higher} minutes, {count(counts.very_slow, 'school') if counts.very_slow else 'none'} one of "
            f"over {higher}. It is heads and staff who would travel; no pupil's journey to school changes."
        )
    if venues := brief.scheme.venues:
        most = max((burden.minutes for choice in venues.values() for burden in choice.burden), default=0.0)
        yield Words(
            f"The Lead Strategic Group's meetings in person, by a fair rota, ask at most {most:,.0f} minutes of "
            "driving a year of any one head."
        )
    yield Words(
        "Equality: no personal characteristic of anybody is read or used. Whether partnerships bear on any group "
        "more than on another (staff with caring duties who would travel, schools of one denomination, pupils with "
        "special needs) has not been worked out by the program."
    )
    yield from authored(brief, "equality")


def climate(brief: Brief) -> Iterator[Block]:
    """Yield the miles driven to meetings, and the author's text."""
    miles = [one.travel.heads_miles for one in brief.scheme.money.partnerships]
    known = [one for one in miles if one is not None]
    if known and len(known) == len(miles):
        yield Words(
            f"Heads would drive {sum(known):,} miles a year to meet, all together, where each drives alone. Sharing "
            "cars and meeting online make it less; what is driven today to the same end is not known."
        )
    else:
        yield Words("The miles that heads would drive to meet are not known for every partnership.")
    yield from authored(brief, "climate")
