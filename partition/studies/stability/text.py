"""Whether a plan will hold, for people: lines, facts for JSON, Markdown.

Ruling: what a head would gain counts its halves of broken links, and so tells with whom it works. Public answers say
whether a group would leave, how many, and the least gain at which none would; who they are and what each gains is told
internally, or where no link was named by people. Of what heads have now, public answers tell the travel alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from geodata.files import replacing
from geodata.sheets import Cell, write_csv
from geodata.urns import Urn
from partition.formats.markdown import markdown_table, plain
from partition.formats.marks import INTERNAL
from partition.model.costs import THOUSANDTHS
from partition.plans.account import Account
from partition.plans.amounts import amount
from partition.plans.own_minutes import may_tell_all, spread, spread_facts, what_is_told
from partition.solver.stable import StableRun
from partition.studies.stability.find import Gain, Leaving, Left, Move, Stability

FEW_SHOWN = 3
WITHHELD = "Who they are is left out: what a head would gain tells who works with whom. Ask with --internal."
GROUP_HEADINGS = ["Heads who would rather be together", "Each gains at least", "Who gains what", "What is left behind"]
MOVE_HEADINGS = ["Head", "Would rather join", "Gains", "What is left behind"]


def a_year(thousandths: int, unit: str, places: int = 1) -> str:
    """Return an amount of one head in words: minutes, or km, a year, to a tenth or to more places."""
    words = f"{thousandths / THOUSANDTHS:,.{places}f}"
    words = words.rstrip("0").rstrip(".")
    return f"{words} {'km' if unit == 'km' else 'minute' if words == '1' else 'minutes'} a year"


def _up_a_year(told: Stability) -> str:
    """Return the most that a group would gain in words, rounded up to a tenth, so that "no more than" stays true."""
    return a_year(_up(told.most or 0), told.account.unit)


def _up(thousandths: int) -> int:
    """Return thousandths rounded up to a tenth."""
    return -(-thousandths // 100) * 100


def verdict(told: Stability) -> str:
    """Return the answer in one sentence."""
    unit = told.account.unit
    gain = a_year(told.gain, unit, 3)
    some = "heads" if told.urn is None else f"heads with {told.account.area.name_of(told.urn)}"
    if told.holds is None:
        return f"Whether a group of {some} would leave for {gain} was not found out in the time given."
    if told.holds:
        return f"It holds: no group of {some} could each gain {gain} by forming a partnership of their own."
    many = told.count_at
    groups = f"{many:,} group{'s' * (many != 1)}" if told.counted else f"At least {many:,} groups"
    less = f"{gain} less to travel" if unit == "km" else f"{gain} less"
    return f"It may not hold: {groups} of {some} could leave, and each head there would spend at least {less}."


def proof(told: Stability) -> list[str]:
    """Return what is proven of all groups: the least gain at which nobody would leave, and how many gain anything."""
    some = "heads" if told.urn is None else "these heads"
    found = []
    if told.most is not None:
        said = (
            f"Proven: no group of {some} could each gain more than {_up_a_year(told)} by leaving."
            if told.most
            else f"Proven: no group of {some} could each gain anything by leaving."
        )
        found.append(f"{said} Every partnership that the criteria allow was considered.")
    elif told.whole:
        found.append("No gain is too high: there is a group none of whose heads is placed now.")
    if told.count:
        some_more = "" if told.counted else "At least "
        groups = f"{told.count:,} group{'s' * (told.count != 1)}"
        found.append(f"{some_more}{groups} would gain something, however little.")
    return found


def spread_words(account: Account, internal: bool) -> list[str]:
    """Return what heads have of the plan now, in words; nothing where no two heads are together."""
    everything = may_tell_all(account, internal)
    known = spread(account, everything)
    if known is None:
        return []
    unit, names = account.unit, ", ".join(f"{account.area.name_of(urn)} ({urn})" for urn in known.whose)
    return [
        f"Of its own a head has {a_year(known.median, unit)} in the median; a tenth of the heads have "
        f"{a_year(known.worst_tenth, unit)} or more; the worst is {a_year(known.worst, unit)}: {names}.",
        f"Counted: {what_is_told(everything)}.",
    ]


def holding_words(told: Stability) -> list[str]:
    """Return what was found of the cheapest plan that nobody would leave; nothing where that was not asked."""
    if told.holding is None:
        return []
    unit, gain = told.account.unit, a_year(told.gain, told.account.unit, 3)
    places = "that leaves no more schools unplaced than this one"
    if told.holding.status == "none":
        words = [f"Proven: no plan {places} holds at {gain}."]
        if told.least is None:
            return [*words, "The least gain at which one does was not found in the time given."]
        run, none_at = told.least.run, a_year(told.least.none_at, unit, 3)
        holds_at = a_year(run.gain, unit, 3)
        if told.least.proven:
            return [*words, f"At {none_at} none does either; at {holds_at} one does: {_priced(told, run)}"]
        return [*words, f"One does at {holds_at}: {_priced(told, run)} Below, down to {none_at}, it is not known."]
    if told.holding.plan is None:
        bound = told.holding.bound
        least = "" if bound is None else f" Proven: any such plan costs at least {amount(bound, unit)} a year."
        why = {"effort": ": the criteria allow more partnerships than can be listed at once"}
        found_out = why.get(told.holding.stopped_by, " in the time given")
        return [f"Whether a plan {places} holds at {gain} was not found out{found_out}.{least}"]
    if told.price == 0:
        return [f"The price of stability is nothing: {_priced(told, told.holding)}"]
    return [f"The cheapest plan found that holds at {gain}, of those {places}: {_priced(told, told.holding)}"]


def _priced(told: Stability, run: StableRun) -> str:
    assert run.cost is not None
    unit, more = told.account.unit, run.cost.total - told.account.cost.total
    sure = "proven cheapest" if run.status == "optimal" else "gap unknown"
    if run.status != "optimal" and run.gap is not None:
        sure = f"at most {run.gap:.1%} from the cheapest"
    if run.plan is not None and run.plan.digest == told.account.plan.digest:
        return "it is this plan."
    than = f"{amount(abs(more), unit)} {'more' if more >= 0 else 'less'} than this plan"
    return f"{amount(run.cost.total, unit)} a year, {than}; {sure}."


# Who ---------------------------------------------------------------------------------------------------------


def name(account: Account, headship: int) -> str:
    """Return a head in words: the name of the school, or of the federation."""
    return account.problem.roster.headships[headship].name


def gain_words(account: Account, gain: Gain) -> str:
    """Return what a head would gain, from what to what."""
    then = f"{gain.then.total / THOUSANDTHS:,.1f}"
    if gain.now is None or gain.amount is None:
        return f"{name(account, gain.headship)}: not placed now, then {then}"
    now = f"{gain.now.total / THOUSANDTHS:,.1f}"
    return f"{name(account, gain.headship)}: {gain.amount / THOUSANDTHS:,.1f} less ({now}, then {then})"


def left_words(account: Account, left: Left) -> str:
    """Return what is left of a partnership, and what that would break."""
    item, staying = account.partnerships[left.number - 1], len(left.headships)
    if not staying:
        return f"nobody of {item.number} {item.name}"
    heads = f"{staying} head{'s' * (staying != 1)} of {item.number} {item.name}"
    if staying == 1:
        return f"{heads}, alone"
    return (
        f"{heads}, against the criteria ({'; '.join(left.breaks)})" if left.breaks else f"{heads}, within the criteria"
    )


def group_rows(told: Stability, groups: Sequence[Leaving]) -> list[list[str]]:
    """Return a row of cells for each group, by `GROUP_HEADINGS`."""
    account = told.account
    return [
        [
            ", ".join(name(account, gain.headship) for gain in group.gains),
            "none is placed now" if group.least is None else a_year(group.least, account.unit),
            "; ".join(gain_words(account, gain) for gain in group.gains),
            "; ".join(left_words(account, left) for left in group.left) or "nothing: none is placed now",
        ]
        for group in groups
    ]


def move_rows(told: Stability) -> list[list[str]]:
    """Return a row of cells for each welcome move, by `MOVE_HEADINGS`."""
    account = told.account
    return [
        [name(account, move.gain.headship), _joins(account, move), *_move_cells(account, move)] for move in told.moves
    ]


def _joins(account: Account, move: Move) -> str:
    item = account.partnerships[move.number - 1]
    return f"{item.number} {item.name}"


def _move_cells(account: Account, move: Move) -> list[str]:
    return [
        gain_words(account, move.gain).partition(": ")[2],
        "; ".join(left_words(account, left) for left in move.left) or "nothing: it is not placed now",
    ]


def moves_words(told: Stability) -> str:
    """Return how many single heads would move, and be welcome."""
    gain, count = a_year(told.gain, told.account.unit, 3), len(told.moves)
    if not count:
        return f"No single head could gain {gain} by joining another partnership in which nobody would lose."
    heads = "One move" if count == 1 else f"{count} moves"
    return f"{heads} of a single head would gain {gain} or more, and nobody would lose in the partnership joined."


# Whole answers -----------------------------------------------------------------------------------------------


def sentences(told: Stability, internal: bool) -> list[str]:
    """Return the whole answer without the tables."""
    withheld = [WITHHELD] if (told.count or told.moves) and not may_tell_all(told.account, internal) else []
    return [
        verdict(told),
        *proof(told),
        *spread_words(told.account, internal),
        moves_words(told),
        *holding_words(told),
        *withheld,
    ]


def shown(told: Stability) -> tuple[Leaving, ...]:
    """Return the groups to be shown: those that would leave; where none would, the few that would gain most."""
    return told.tempting or told.groups[:FEW_SHOWN]


def lines(told: Stability, internal: bool) -> list[str]:
    """Return the lines that the command prints."""
    found = sentences(told, internal)
    if not may_tell_all(told.account, internal):
        return found
    for heads, least, gains, left in group_rows(told, shown(told)):
        found += ["", f"{heads}: {least}", f"  gains: {gains}", f"  leaves: {left}"]
    for head, joins, gains, left in move_rows(told):
        found += ["", f"{head} to {joins}: {gains}", f"  leaves: {left}"]
    return found


def of_one_school(told: Stability, internal: bool) -> list[str]:
    """Return the answer for the school that was asked about, with who gains what, one sentence each.

    To the public nothing, where people named links: of one head, even the least gain tells with whom it works.
    """
    if not may_tell_all(told.account, internal):
        return [f"Whether there is such a group is left out here. {WITHHELD}"]
    found = [verdict(told), *proof(told), moves_words(told)]
    for heads, least, gains, left in group_rows(told, shown(told)[:FEW_SHOWN]):
        each = least if told.account.unit == "km" else f"{least} less"
        found.append(f"{heads} would rather be together, each with at least {each}: {gains}. It would leave {left}.")
    for head, joins, gains, left in move_rows(told):
        found.append(f"{head} would be welcome in {joins}: {gains}. It would leave {left}.")
    return found


def facts(told: Stability, internal: bool) -> dict[str, Any]:
    """Return the answer as facts for JSON; amounts are minutes (or km) a year, to three decimals."""
    everything = may_tell_all(told.account, internal)
    return {
        "gain": told.gain / THOUSANDTHS,
        "unit": told.account.unit,
        "school": told.urn,
        "holds": told.holds,
        "most_each_could_gain": None if told.most is None else told.most / THOUSANDTHS,
        "groups_that_would_leave": told.count_at,
        "groups_that_would_gain": told.count,
        "counted": told.counted,
        "welcome_moves": len(told.moves),
        "spread": spread_facts(told.account, internal),
        "cheapest_that_holds": None if told.holding is None else _run_facts(told.holding, told.account),
        "least_gain_that_can_hold": None
        if told.least is None
        else {
            "none_at": told.least.none_at / THOUSANDTHS,
            "proven": told.least.proven,
            **_run_facts(told.least.run, told.account),
        },
        **({"groups": [_group_facts(told, group) for group in told.groups]} if everything else {}),
        **({"moves": [_move_facts(told, move) for move in told.moves]} if everything else {}),
    }


def _run_facts(run: StableRun, account: Account) -> dict[str, Any]:
    return {
        "status": run.status,
        "gain": run.gain / THOUSANDTHS,
        "cost": None if run.cost is None else run.cost.total / THOUSANDTHS,
        "bound": None if run.bound is None else run.bound / THOUSANDTHS,
        "gap": run.gap,
        "price": None if run.cost is None else (run.cost.total - account.cost.total) / THOUSANDTHS,
        "digest": None if run.plan is None else run.plan.digest,
        "stopped_by": run.stopped_by,
    }


def _urn(account: Account, headship: int) -> Urn:
    return account.problem.roster.headships[headship].base_urn


def _gain_facts(account: Account, gain: Gain) -> dict[str, Any]:
    return {
        "urn": _urn(account, gain.headship),
        "name": name(account, gain.headship),
        "now": None if gain.now is None else gain.now.total / THOUSANDTHS,
        "then": gain.then.total / THOUSANDTHS,
        "gain": None if gain.amount is None else gain.amount / THOUSANDTHS,
    }


def _left_facts(account: Account, left: Sequence[Left]) -> list[dict[str, Any]]:
    return [
        {"partnership": one.number, "stay": [_urn(account, h) for h in one.headships], "breaks": list(one.breaks)}
        for one in left
    ]


def _group_facts(told: Stability, group: Leaving) -> dict[str, Any]:
    return {
        "least_gain": None if group.least is None else group.least / THOUSANDTHS,
        "heads": [_gain_facts(told.account, gain) for gain in group.gains],
        "leaves": _left_facts(told.account, group.left),
    }


def _move_facts(told: Stability, move: Move) -> dict[str, Any]:
    return {
        **_gain_facts(told.account, move.gain),
        "to": move.number,
        "leaves": _left_facts(told.account, move.left),
    }


def _short(thousandths: int) -> str:
    return f"{thousandths / THOUSANDTHS:,.1f}"


def page_facts(told: Stability) -> dict[str, Any]:
    """Return the whole answer as the workbench keeps and shows it: for the office, with who and what."""
    account, known = told.account, spread(told.account, everything=True)
    unit = account.unit
    said = verdict(told).removeprefix("It holds: ").removeprefix("It may not hold: ")  # as the heading says already
    groups = "group" if told.count_at == 1 else "groups"
    figures = [(f"{groups} whose heads could each gain {a_year(told.gain, unit)}", f"{told.count_at:,}")]
    words = "km" if unit == "km" else "minutes"
    if told.most is not None:
        figures.append((f"{words} a year: no group of heads could each gain more", _short(_up(told.most))))
    if known is not None:
        figures += [
            (f"{words} a year of its own: a head in the median", _short(known.median)),
            (f"{words} a year or more of its own: a tenth of the heads", _short(known.worst_tenth)),
            (f"{words} a year of its own: the worst", _short(known.worst)),
        ]
    return {
        "gain": f"{told.gain / THOUSANDTHS:g}",
        "school": "" if told.urn is None else account.area.name_of(told.urn),
        "holds": told.holds,
        "verdict": said[:1].upper() + said[1:],
        "sentences": sentences(told, internal=True),
        "figures": figures,
        "group_title": "Groups that would leave" if told.tempting else "Groups that would gain most",
        "group_headings": ["What they gain", f"Who gains what, {words} a year", GROUP_HEADINGS[3]],
        "groups": [
            [least if group.least is None else f"{least} each, or more", *more]
            for group, (_, least, *more) in zip(shown(told), group_rows(told, shown(told)), strict=True)
        ],
        "move_headings": MOVE_HEADINGS,
        "moves": move_rows(told),
    }


def markdown(told: Stability, title: str, status: str, *, internal: bool = False) -> str:
    """Return the answer as Markdown."""
    said = [f"# {plain(title)}: will it hold?", "", *([f"**{INTERNAL}**", ""] if internal else []), plain(status), ""]
    said += [f"- {plain(sentence)}" for sentence in sentences(told, internal)]
    if may_tell_all(told.account, internal):
        if groups := group_rows(told, shown(told)):
            heading = "Groups that would leave" if told.tempting else "Groups that would gain most"
            said += ["", f"## {heading}", "", *markdown_table(GROUP_HEADINGS, groups)]
        if moves := move_rows(told):
            said += ["", "## Single moves that would be welcome", "", *markdown_table(MOVE_HEADINGS, moves)]
    return "\n".join([*said, ""])


def write_answer(told: Stability, title: str, status: str, out: Path, *, internal: bool = False) -> dict[str, str]:
    """Write the answer as Markdown, and what each head has as CSV; return the paths by what each is."""
    files = {"markdown": out / "stability.md", "heads": out / "stability_heads.csv"}
    with replacing(files["markdown"]) as temporary:
        temporary.write_text(markdown(told, title, status, internal=internal), encoding="utf-8", newline="\n")
    write_csv(files["heads"], [*_head_rows(told.account, internal), *([[INTERNAL]] if internal else [])])
    return {what: str(path) for what, path in files.items()}


def _head_rows(account: Account, internal: bool) -> Iterator[Sequence[Cell]]:
    """Yield what each placed head has of the plan, the most first; to the public the travel alone."""
    everything, unit = may_tell_all(account, internal), "km" if account.unit == "km" else "minutes"
    terms = ("travel", "links", "change", "total") if everything else ("travel",)
    yield [account.area.identifier.one.lower(), "head of", "partnership", *(f"{term}, {unit} a year" for term in terms)]
    roster = account.problem.roster
    costs = [(h, account.own_at(one.base_urn)) for h, one in enumerate(roster.headships)]
    placed = [(h, cost) for h, cost in costs if cost is not None and roster.headships[h].base_urn in account.place_of]
    for h, cost in sorted(placed, key=lambda one: (-getattr(one[1], terms[-1]), one[0])):
        urn = roster.headships[h].base_urn
        item = account.partnerships[account.place_of[urn] - 1]
        yield [urn, name(account, h), f"{item.number} {item.name}", *(getattr(cost, t) / THOUSANDTHS for t in terms)]
