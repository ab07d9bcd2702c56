"""What the page of hand edits shows of a draft, in words and figures as people read them. For the office only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np

from geodata.urns import Urn
from partition.model.costs import THOUSANDTHS
from partition.model.roster import CENTIMINUTES
from partition.model.rules import Breach
from partition.plans.amounts import amount
from partition.plans.score import Difference
from partition.studies.hand_edits.draft import Draft
from partition.studies.hand_edits.edits import Move, MoveMany
from partition.studies.stability.leavers import Leavers

TERMS = {
    **{"travel": "travel", "links": "working links", "change": "heads parted", "balance": "sizes"},
    **{"likeness": "unlike heads", "lacks": "lacks", "wishes": "wishes not met", "fairness": "uneven travel"},
}
ROLES = {
    "placed": "small school",
    "federation": "small school, in a federation that is a partnership already",
    "unplaced": "small school, not yet placed",
    "associate": "associate",
    "associate alone": "associate, not joined",
    "not taking part": "not taking part",
    "left": "in a partnership that has left",
}
Place = Callable[[Breach], str]  # where a rule is broken
KEPT = {True: "open", False: "closed"}


def overview(draft: Draft) -> dict[str, Any]:
    """The draft as it is now: every school and partnership, what it costs, what it breaks, and what was done."""
    account, drawn = draft.account, draft.drawn
    area, weighed = account.area, draft.weighed
    number_of = {there: here for here, there in draft.number_of.items()}
    here = partial(_place_of, draft)
    return {
        "version": draft.log.version,
        "bar": bar(draft),
        "since": change(draft, draft.since_begun, here) if draft.done else None,
        "schools": [
            {
                "urn": urn,
                "name": name,
                "town": area.towns[position] if area.towns else "",
                "role": ROLES[account.role(urn)],
                "kind": account.role(urn),
                "pupils": int(area.pupils[position]),
                "partnership": drawn.place.get(urn),
                "led_with": _led_with(draft, urn),
                "note": drawn.notes.get(urn, ""),
            }
            for position, (urn, name) in enumerate(zip(area.urns, area.names, strict=True))
        ],
        "partnerships": [
            {
                "number": number_of[item.number],
                "name": item.name,
                "already": item.already,
                "hours": amount(item.cost.total, account.unit),
                "venue": area.name_of(item.venue_urn),
                "note": drawn.notes.get(number_of[item.number], ""),
                "facts": ("a partnership already, " if item.already else "")
                + f"{_many(len(item.group.members), 'head')}, {_many(len(item.group.schools), 'school')}, "
                f"{item.group.pupils:,} pupils",
                "longest": _minutes(item.worst_minutes),
                "kept": KEPT[drawn.kept[number_of[item.number]][1]] if number_of[item.number] in drawn.kept else "",
                "urns": list(item.group.urns),
                "breaches": _told(draft, item.breaches, here),
            }
            for item in account.partnerships
        ],
        "breaches": _told(draft, weighed.breaches, here),
        "pairs": [
            {"urns": list(pair), "names": [area.name_of(urn) for urn in pair], "how": how}
            for pair, how in sorted(drawn.pairs.items())
        ],
        "left": draft.left,
        "done": [draft.words(edit) for edit in draft.done],
        "undone": [draft.words(edit) for edit in draft.undone],
        "digest": weighed.plan.digest,
    }


def leaving(draft: Draft, found: Leavers) -> dict[str, Any]:
    """Who would leave: in a sentence, and by partnership in few words for the map, with who and why for the card."""
    here = {there: number for number, there in draft.number_of.items()}
    return {
        "words": found.verdict,
        "partnerships": {
            here[number]: {"tag": f"{len(heads)} may leave", "why": list(found.words(number))}
            for number, heads in found.heads.items()
        },
    }


def bar(draft: Draft) -> list[dict[str, Any]]:
    """The figures always in sight: each as it is, and its change since the start, in signs and in words."""
    change, began, unit = draft.since_begun, draft.begun, draft.account.unit
    small, placed = draft.problem.roster.small_schools, _small_placed(draft)
    joined, cost = len(draft.joined), change.cost.total
    hardly = abs(cost) < THOUSANDTHS
    federations = len(draft.drawn.groups) - joined  # partnerships already
    also = f" (and {_many(federations, 'federation')})" if federations else ""
    return [
        _figure("placed", "Placed", f"{placed} of {small}", placed - _small_placed(began), better=1),
        _figure("partnerships", f"Partnerships{also}", str(joined), joined - len(began.joined)),
        {
            "key": "cost",
            "name": "Kilometres a year" if unit == "km" else "Hours a year",
            "now": amount(draft.weighed.cost.total, unit).split(" ")[0],
            "change": "" if hardly else f"{_sign(cost)}{amount(abs(cost), unit).split(' ')[0]}",
            "words": "" if hardly else f"{_more(cost, unit)} than at the start",
            "kind": "" if hardly else "worse" if cost > 0 else "better",
        },
        _figure(
            "broken",
            "Criteria broken",
            str(len(draft.weighed.breaches)),
            len(draft.weighed.breaches) - len(change.before.breaches),
            better=-1,
        ),
    ]


def _figure(key: str, name: str, now: str, change: int, *, better: int = 0) -> dict[str, Any]:
    """One figure of the bar; `better` is the sign of a change for the better, 0 where neither is."""
    kind = "" if not change or not better else "better" if change * better > 0 else "worse"
    words = f"{abs(change)} {'more' if change > 0 else 'fewer'} than at the start" if change else ""
    return {
        "key": key,
        "name": name,
        "now": now,
        "change": f"{_sign(change)}{abs(change)}" if change else "",
        "words": words,
        "kind": kind,
    }


def _sign(change: int) -> str:
    return "+" if change > 0 else "\N{MINUS SIGN}"


def _small_placed(draft: Draft) -> int:
    return draft.problem.roster.small_schools - len(draft.weighed.unplaced)


def _led_with(draft: Draft, urn: Urn) -> list[Urn]:
    """The other schools of a school's head, which move with it."""
    area = draft.account.area
    position = area.index[urn]
    return [area.urns[n] for schools in area.headships if position in schools for n in schools if n != position]


def school(draft: Draft, urn: Urn) -> dict[str, Any]:
    """One school: its companions, why it is here, and everywhere it could be, each judged. Raises KeyError for none."""
    account, area, drawn = draft.account, draft.case.problem.area, draft.drawn
    position = area.index[urn]
    here = drawn.place.get(urn)
    takes_part = urn in draft.problem.roster.headship_of
    choices = draft.choices(urn) if takes_part else ()
    leaving = next((found.broken for move, found in choices if move.to == "none"), ())
    facts = [area.towns[position] if area.towns else "", f"{area.pupils[position]:,} pupils", ROLES[account.role(urn)]]
    return {
        "urn": urn,
        "name": area.names[position],
        "facts": " · ".join(filter(None, facts)),
        "identifier": area.identifier.one,
        "role": account.role(urn),
        "small": draft.problem.roster.is_small(urn),
        "partnership": here,
        "where": drawn.names[here] if here is not None else "",
        "why": _why(draft, urn, choices),
        "companions": [
            {
                "urn": other,
                "name": area.name_of(other),
                "there": _minutes(account.minutes(urn, other)),
                "back": _minutes(account.minutes(other, urn)),
                "paired": drawn.pairs.get((min(urn, other), max(urn, other)), ""),
            }
            for other in _companions(draft, urn)
        ],
        "leaving": _told(draft, leaving, partial(_place_of, draft)),
        "choices": [_choice(draft, move, found, leaving) for move, found in choices],
    }


def _choice(draft: Draft, move: Move | MoveMany, found: Difference, leaving: Sequence[Breach]) -> dict[str, Any]:
    """One place that schools could be in; what leaving their own breaks is told once, apart."""
    moved = {move.urn} if isinstance(move, Move) else set(move.urns)

    def place(breach: Breach) -> str:
        return _target(draft, move) if moved & set(breach.urns) else _place_of(draft, breach)

    told = change(draft, found, place)
    told["broken"] = _told(draft, [breach for breach in found.broken if breach not in leaving], place)
    longest = _furthest(draft, move) if isinstance(move, Move) else ""
    return {"to": move.to, "name": _target(draft, move), "longest": longest, "tag": _tag(draft, found), **told}


def _tag(draft: Draft, found: Difference) -> str:
    """A move's cost as an area shows it while one drags: "+1.2 h"; criteria that it breaks are counted apart."""
    cost, unit = found.cost.total, draft.account.unit
    if abs(cost) < THOUSANDTHS:
        return "same"
    value = amount(abs(cost), unit).split(" ")[0]
    if unit == "minutes" and abs(cost) < 60 * THOUSANDTHS:
        return f"{_sign(cost)}{abs(cost) / THOUSANDTHS:.0f} min"
    return f"{_sign(cost)}{value} {'km' if unit == 'km' else 'h'}"


def several(draft: Draft, urns: Sequence[Urn]) -> dict[str, Any]:
    """Several schools that are to move at once: everywhere they could be, each judged."""
    roster = draft.problem.roster
    choices = draft.choices_of_many(urns)
    leaving = next((found.broken for move, found in choices if move.to == "none"), ())
    return {
        "heads": len({roster.headship_of[urn] for urn in urns}),
        "leaving": _told(draft, leaving, partial(_place_of, draft)),
        "choices": [_choice(draft, move, found, leaving) for move, found in choices],
    }


def change(draft: Draft, difference: Difference, place: Place) -> dict[str, Any]:
    """What a change comes to, for people: its cost term by term, schools placed, rules broken and mended."""
    unit = draft.account.unit
    cost = difference.cost
    return {
        "cost": _more(cost.total, unit),
        "dearer": cost.total > 0,
        "terms": [[TERMS[name], _more(getattr(cost, name), unit)] for name in TERMS if getattr(cost, name)],
        "placed": _placed(difference.placed),
        "fewer": difference.placed < 0,
        "broken": _told(draft, difference.broken, place),
        "mended": _told(draft, difference.mended, place),
    }


def _why(draft: Draft, urn: Urn, choices: Sequence[tuple[Move, Difference]]) -> list[str]:
    """Why a school is where it is, as far as figures tell without a search."""
    account, roster = draft.account, draft.problem.roster
    if urn not in roster.headship_of:
        return [f"It does not take part: {roster.not_taking_part[urn]}."]
    told = [*_drives(draft, urn), *_ties(draft, urn)]
    sound = [(move, change) for move, change in choices if not change.broken and move.to not in ("new", "none")]
    if draft.drawn.place.get(urn) is None:
        could = f"{_many(len(sound), 'partnership')} could take it and keep every criterion."
        return [*told, could if sound else "No partnership could take it as it is and keep every criterion."]
    better = [one for one in sound if one[1].mended or (-one[1].placed, one[1].cost.total) < (0, 0)]
    if not better:
        return [*told, "Moved by itself, it would do better nowhere: all else breaks a criterion or costs more."]
    move, found = better[0]
    more = f", placing {found.placed} more" if found.placed else ""
    return [
        *told,
        f"{_target(draft, move)} would cost {_more(found.cost.total, account.unit)}{more}, and breaks nothing.",
    ]


def _drives(draft: Draft, urn: Urn) -> list[str]:
    account, here = draft.account, draft.plan.partnership_of.get(urn)
    if here is None:
        return []
    item = account.partnerships[here - 1]
    drives = [account.minutes(urn, other) for other in _companions(draft, urn)]
    known = [drive for drive in drives if drive is not None]
    own = draft.problem.tariff.own_travel(item.group, draft.problem.roster.headship_of[urn])
    if not known:
        return []
    mean = f"{sum(known) / len(known):.0f} minutes on average"
    return [f"Its head drives {mean}, {max(known):.0f} at most: {amount(own, account.unit)} a year."]


def _ties(draft: Draft, urn: Urn) -> list[str]:
    """Working links and companions of today, counted."""
    account = draft.account
    kept, broken = account.links_of[urn]
    told = [f"It keeps {kept} of {_many(kept + broken, 'working link')}."] if kept + broken else []
    today = account.today_of.get(urn)
    if today is not None and (left := account.leaves(urn)):
        told.append(f"Today it is in {today}: {len(left)} companions of it are elsewhere.")
    elif today is not None:
        told.append(f"Today it is in {today}, all of whose schools are here.")
    return told


def _companions(draft: Draft, urn: Urn) -> list[Urn]:
    """The other schools of its partnership, nearest first; none of its own head's."""
    account, heads = draft.account, draft.problem.roster.headship_of
    number = account.plan.partnership_of.get(urn)
    if number is None:
        return []
    others = [one for one in account.plan.partnerships[number - 1].urns if heads[one] != heads[urn]]
    minutes = {other: account.minutes(urn, other) for other in others}
    return sorted(others, key=lambda other: (minutes[other] is None, minutes[other], other))


def _target(draft: Draft, move: Move | MoveMany) -> str:
    match move.to:
        case "new":
            return "A new partnership"
        case "none":
            return "No partnership"
        case number:
            return draft.drawn.names[number]


def _furthest(draft: Draft, move: Move) -> str:
    """The longest drive between this head and one of the partnership it would join, the slower way."""
    roster = draft.problem.roster
    if not isinstance(move.to, int):
        return ""
    own = roster.headships[roster.headship_of[move.urn]].base
    others = [roster.headships[node].base for node in {roster.headship_of[urn] for urn in draft.drawn.urns(move.to)}]
    there, _ = roster.area.travel.between([own] * len(others), others)
    back, _ = roster.area.travel.between(others, [own] * len(others))
    both = np.concatenate([there, back])
    return "no road" if (both < 0).any() else _minutes(float(both.max()) / CENTIMINUTES)


def _minutes(minutes: float | None) -> str:
    return "no road" if minutes is None else f"{minutes:.0f} min"


def _more(thousandths: int, unit: str) -> str:
    """A difference in cost: "1.2 hours a year more"."""
    if abs(thousandths) < THOUSANDTHS:
        return "the same" if thousandths == 0 else f"hardly {'more' if thousandths > 0 else 'less'}"
    words = amount(abs(thousandths), unit)
    if unit == "minutes" and abs(thousandths) < 60 * THOUSANDTHS:
        words = f"{abs(thousandths) / THOUSANDTHS:.0f} minutes"
    return f"{words} a year {'more' if thousandths > 0 else 'less'}"


def _placed(count: int) -> str:
    return "" if count == 0 else f"{_many(abs(count), 'small school')} {'more' if count > 0 else 'fewer'} placed"


def _place_of(draft: Draft, breach: Breach) -> str:
    """The partnership of the draft in which a rule is broken; "" for the plan as a whole."""
    number = draft.plan.partnership_of.get(breach.urns[0]) if breach.urns else None
    return "" if number is None else draft.account.partnerships[number - 1].name


def _told(draft: Draft, breaches: Iterable[Breach], place: Place) -> list[str]:
    """Rules broken, in words, and where, if the words name no school; of many of a kind the first and how many more."""
    area = draft.case.problem.area

    def words(breach: Breach) -> str:
        where = place(breach)
        names_one = any(area.name_of(urn) in breach.words for urn in breach.urns if urn in area.index)
        return f"{where}: {breach.words}" if where and not names_one and where not in breach.words else breach.words

    by_kind: dict[tuple[str, str], list[str]] = {}
    for breach in breaches:
        said = by_kind.setdefault((breach.rule, place(breach)), [])
        said += [words(breach)] if words(breach) not in said else []
    return [said[0] + (f" (and {len(said) - 1} more)" if len(said) > 1 else "") for said in by_kind.values()]


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' * (count != 1)}"
