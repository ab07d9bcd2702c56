"""What a plan comes to, as the commands tell a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from partition.cli.shared import file_lines

if TYPE_CHECKING:
    from geodata.minutes import Travel
    from partition.plans.account import Account
    from partition.scenario.case import Background
    from partition.scheme.stages import Log

BREACHES_SHOWN = 3  # of each rule


def summary_lines(
    case: Background, account: Account, files: dict[str, str], log: Log, readings: Sequence[str] = ()
) -> list[str]:
    """What a person reads: figures, how sure they are, what is wrong, what was read, and where things are."""
    from partition.maps.figures import figures

    area = account.area
    lines = [f"{f'{name}: ':28}{value}" for name, value in figures(case, account, log)]
    more = None if account.run is None else account.run.allow_more
    lines += ["", account.sureness(), *([f"Time ended the search; {more}"] if more else [])]
    lines += travel_words(area.travel)
    if account.run is not None and account.reasons:
        lines += ["", "Not yet placed:"]
        lines += [f"  {area.name_of(urn)} ({urn}): {why}" for urn, why in sorted(account.reasons.items())]
    lines += _broken(account)
    lines += ["", *(f"read: {words}" for words in readings)] if readings else []
    lines += [f"notice: {words}" for words in case.told]
    return [*lines, "", *file_lines(files)]


def travel_words(travel: Travel) -> list[str]:
    """How minutes were come by, and whom to credit for that."""
    return [f"Travel: {travel.words}.", *travel.attribution]


def _broken(account: Account) -> Iterator[str]:
    """Rules broken, how often, and a few of the ways."""
    place = {breach: f"{item.name}: " for item in account.partnerships for breach in item.breaches}
    words_by_rule: dict[str, list[str]] = {}
    for breach in account.breaches:
        if not breach.private:
            words_by_rule.setdefault(breach.rule, []).append(place.get(breach, "") + breach.words)
    if words_by_rule:
        yield from ("", "Rules broken (all in the map, and with --json):")
    for rule, words in words_by_rule.items():
        yield f"  {rule}: {len(words)}"
        yield from (f"    {some}" for some in words[:BREACHES_SHOWN])
        if len(words) > BREACHES_SHOWN:
            yield f"    ... and {len(words) - BREACHES_SHOWN} more"
