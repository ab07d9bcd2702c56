"""An explanation for people: sentences for the terminal, Markdown, and facts for JSON."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from geodata.urns import Urn
from partition.formats.markdown import markdown_table, plain
from partition.formats.marks import INTERNAL
from partition.model.problem import Problem
from partition.model.rules import KmMax, Locked, MinutesMax
from partition.plans.amounts import amount
from partition.plans.changes import SchoolKind
from partition.plans.reasons import NOT_FOR_PUBLICATION
from partition.settings.words import change_words
from partition.studies.explain.conflicts import (
    Clash,
    lasting_breaches,
    sureness_words,
    told,
    who_could_join,
)
from partition.studies.explain.explain import Explanation, NotPlaced, Option, Outcome, RuleCosts, RulePrice, companions
from partition.studies.explain.ways_out import WayOut

MOVERS_SHOWN = 8
FIGURES_SHOWN = 3  # breaches of a lock in a sentence
NAMED_MAX = 6  # schools named in a clash, or as possible companions, at most
LEFT_OUT = "Criteria that are not for publication are in force, and are left out."

Section = tuple[str, list[str]]  # heading, and its sentences

WHY_NOT, RULES = "Why it is not placed", "What each criterion costs"
ACCEPT = "accept it unplaced"
WAY_HEADINGS = [
    "Way out",
    "Settings",
    "More schools placed",
    "Cost",
    "Heads who move",
    "Newly placed",
    "No longer placed",
    "How sure",
]


def sections(told_to: Explanation) -> list[Section]:
    """Return the explanation in sections, without the tables of ways out and of rules."""
    found = [("Where it is", _where(told_to))]
    if told_to.not_placed is not None:
        found.append((WHY_NOT, _why_not(told_to, told_to.not_placed)))
    if told_to.together is not None:
        option = told_to.together
        heading = f"{told_to.name(option.urn)} and {told_to.name(option.other)} together"
        found.append((heading, [_option_words(told_to, option)]))
    if told_to.options:
        found.append(("What else it could be in", [_option_words(told_to, option) for option in told_to.options]))
    if told_to.friends is not None:
        heading = f"Is there a group that {told_to.name(told_to.urn)} and its friends would rather form?"
        found.append((heading, list(told_to.friends.sentences)))
    return found


def figures(told_to: Explanation) -> list[tuple[str, str]]:
    """Return the figures for the top of the page: the school's place, its drives to companions, and what was tried."""
    account, urn = told_to.account, told_to.urn
    number = account.plan.partnership_of.get(urn)
    if number is None:
        ways = told_to.not_placed.ways if told_to.not_placed else None
        found = [("Partnership", "not yet placed" if urn in account.unplaced else "none")]
        found += [("Ways out found", str(len(ways)))] if ways is not None else []
    else:
        item = account.partnerships[number - 1]
        others = [other for other in companions(account, urn) if not _one_head(account.problem, urn, other)]
        drives = [account.minutes_apart(urn, other) for other in others]
        known = [drive for drive in drives if drive is not None]
        found = [("Partnership", f"{number} {item.name}"), ("Schools in it", str(len(item.group.schools)))]
        found += [("Heads in it", str(len(item.group.members))), ("Pupils in it", f"{item.group.pupils:,}")]
        found += [("To the nearest school, minutes by the slower way", f"{min(known):.1f}")] if known else []
        found += [("To the furthest school, minutes by the slower way", f"{max(known):.1f}")] if known else []
    can = sum(option.outcome is not None for option in told_to.options)
    return [*found, ("Other partnerships tried", str(len(told_to.options))), ("Of them possible", str(can))]


def way_rows(told_to: Explanation) -> list[list[str]]:
    """Return a row for each way out for a school that no plan places: the change, and the best plan after it."""
    if told_to.not_placed is None or told_to.not_placed.ways is None:
        return []
    internal = told_to.internal
    found = [
        [change_words(way.words), typed_line(way, internal=internal), *_outcome_cells(outcome)]
        for way, outcome in told_to.not_placed.ways
    ]
    return [*found, [ACCEPT, "", "0", "costs the same", "0", "nobody", "nobody", "the plan as it is"]]


RULE_HEADINGS = ["Criterion a notch looser", "More schools placed", "Cost", "Heads who move", "How sure"]
RULE_AND_WHO_HEADINGS = [RULE_HEADINGS[0], *WAY_HEADINGS[2:]]


def rule_rows(costs: RuleCosts) -> list[list[str]]:
    """Return a row for each rule: its change, more schools placed, cost, heads who move, and how sure this is."""
    return [
        [change_words(price.words), *_placed_cost_moved(price.outcome), price.outcome.sure]
        if price.outcome is not None
        else [change_words(price.words), "–", "none better found in the time given", "–", "not proven"]
        for price in costs.rules
    ]


def rule_rows_with_who(costs: RuleCosts) -> list[list[str]]:
    """Return the same rows, with the schools that are newly placed and those no longer placed."""
    return [
        [change_words(price.words), *_outcome_cells(price.outcome)]
        if price.outcome is not None
        else [change_words(price.words), "–", "none better found in the time given", "–", "–", "–", "not proven"]
        for price in costs.rules
    ]


def rules_sentence(costs: RuleCosts) -> str:
    """Return a sentence on the rules that place more schools when one step looser."""
    more = [
        f"{change_words(price.words)} (places {price.outcome.fewer_unplaced} more; {_cost_words(price.outcome)})"
        for price in costs.rules
        if price.outcome is not None and price.outcome.fewer_unplaced > 0
    ]
    if not costs.account.unplaced:
        return "Every small school is placed."
    if not more and (costs.left or not all(map(_is_sure_of_placed, costs.rules))):
        return "No criterion so loosened was found to place more, as far as was worked out."
    return (
        f"More schools are placed with {', or with '.join(more)}." if more else "No criterion so loosened places more."
    )


def _is_sure_of_placed(price: RulePrice) -> bool:
    """Return whether it is proven how many schools can be placed under the looser rule."""
    return price.outcome is not None and price.outcome.run.fewest_proven


def notes(costs: RuleCosts) -> Iterator[str]:
    """Yield what to bear in mind: whether a better plan is known, what is not calculated, and what is left out."""
    best = costs.best
    if best is not None and (best.fewer_unplaced, -best.extra.total) > (0, 0):
        placed = f" and places {best.fewer_unplaced} schools more" * (best.fewer_unplaced > 0)
        yield f"This plan is not the best one under its own criteria: the best {_cost_words(best)}{placed}."
    if costs.cut:
        yield f"Cut short for want of time: {'; '.join(costs.cut)}."
    if costs.left:
        yield f"Not worked out: {'; '.join(costs.left)}."
    if not costs.internal and any(rule.private for rule in costs.account.problem.rules):
        yield LEFT_OUT


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A heading and its text: sentences, and perhaps a table with its own headings."""

    heading: str
    sentences: Sequence[str] = ()
    headings: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


def parts(costs: RuleCosts) -> list[Part]:
    """Return all parts, in the order in which a page shows them."""
    found = []
    if isinstance(costs, Explanation):
        for heading, sentences in sections(costs):
            found.append(Part(heading=heading, sentences=sentences))
            if heading == WHY_NOT and (ways := way_rows(costs)):
                told_how = ["Each change by itself, and the whole plan solved again."]
                found.append(Part(heading="Ways out", sentences=told_how, headings=WAY_HEADINGS, rows=ways))
    if costs.rules:
        sentences = ["Each criterion a notch looser, and the whole plan solved again.", rules_sentence(costs)]
        rows = rule_rows_with_who(costs)
        found.append(Part(heading=RULES, sentences=sentences, headings=RULE_AND_WHO_HEADINGS, rows=rows))
    return found


def page_facts(costs: RuleCosts) -> Mapping[str, Any]:
    """Return all parts as facts for JSON: figures, parts, notes, and what is not calculated yet."""
    return {
        "figures": figures(costs) if isinstance(costs, Explanation) else [],
        "parts": [asdict(part) for part in parts(costs)],
        "notes": list(notes(replace(costs, left=()))),
        "left": list(costs.left),
    }


def lines(told_to: Explanation) -> list[str]:
    """Return the explanation as lines for a terminal."""
    shown = [f"** {INTERNAL} **", ""] if told_to.internal else []
    shown.append(f"{told_to.name(told_to.urn)} ({told_to.urn})")
    for heading, sentences in sections(told_to):
        shown += ["", f"{heading}:", *(f"  {sentence}" for sentence in sentences)]
        shown += [f"  {words}" for words in _ways(told_to)] if heading == WHY_NOT else []
    if told_to.rules:
        shown += ["", "What each criterion costs, a notch looser and solved again:", f"  {rules_sentence(told_to)}"]
        for words, placed, cost, moved, sure in rule_rows(told_to):
            shown.append(f"  {words}: {cost}; more schools placed: {placed}; heads who move: {moved}; {sure}")
    return [*shown, *(f"notice: {note}" for note in notes(told_to))]


def markdown(told_to: Explanation, status: str) -> str:
    """Return the explanation as Markdown."""
    text = [f"# {plain(told_to.name(told_to.urn))} ({told_to.urn})", ""]
    text += [
        part for mark in (INTERNAL if told_to.internal else "", status) if mark for part in (f"**{plain(mark)}**", "")
    ]
    for heading, sentences in sections(told_to):
        text += [f"## {plain(heading)}", "", *(f"- {plain(sentence)}" for sentence in sentences), ""]
        if heading == WHY_NOT and (ways := way_rows(told_to)):
            text += ["Ways out, each solved again:", "", *markdown_table(WAY_HEADINGS, ways), ""]
    if told_to.rules:
        text += [f"## {RULES}", "", plain(rules_sentence(told_to)), ""]
        text += [*markdown_table(RULE_HEADINGS, rule_rows(told_to)), ""]
    return "\n".join([*text, *(f"> {plain(note)}\n" for note in notes(told_to))]).rstrip("\n") + "\n"


def facts(told_to: Explanation) -> dict[str, Any]:
    """Return the explanation as facts for the command's JSON."""
    account = told_to.account
    not_placed = told_to.not_placed
    return {
        "urn": told_to.urn,
        "name": told_to.name(told_to.urn),
        "internal": told_to.internal,
        "partnership": account.plan.partnership_of.get(told_to.urn),
        "companions": [
            {"urn": one, "name": told_to.name(one), "minutes": account.minutes_apart(told_to.urn, one)}
            for one in companions(account, told_to.urn)
        ],
        "not_placed": None if not_placed is None else _not_placed_facts(told_to, not_placed),
        "together": None if told_to.together is None else _option_facts(told_to, told_to.together),
        "options": [_option_facts(told_to, option) for option in told_to.options],
        "friends": None if told_to.friends is None else told_to.friends.facts,
        "rules": [{"change": price.words, **_outcome_facts(price.outcome)} for price in told_to.rules],
        "notes": list(notes(told_to)),
    }


def clash_lines(problem: Problem, clash: Clash, *, internal: bool = False) -> list[str]:
    """Return the rules of a clash in words, with the schools whose drives matter.

    Private rules appear as one line without content, if not `internal`.
    """
    names = [problem.area.name_of(urn) for urn in clash.schools]
    hidden = not internal and any(rule.private for rule in clash.rules)
    where = f" (the drives of {' and '.join(names)})" if names and not hidden and len(names) <= NAMED_MAX else ""
    limits = (MinutesMax, KmMax)
    return list(
        dict.fromkeys(told(problem, rule, internal=internal) + where * isinstance(rule, limits) for rule in clash.rules)
    )


def clash_sentence(problem: Problem, clash: Clash, asked: str = "", *, internal: bool = False) -> str:
    """Return a sentence on the rules that clash, and how sure this is."""
    words = clash_lines(problem, clash, internal=internal)
    what = "; ".join([*words, *_figures(problem, clash, internal)])
    if len(clash.rules) == 1:
        return f"{asked or 'any plan'} is ruled out by: {what}"
    checked = "checked one by one" if clash.irreducible else "not all could be checked in the time given"
    beside = f" with {asked}" if asked else ""
    return f"these cannot all be kept{beside}: {what} (without any one of them they can: {checked})"


def _figures(problem: Problem, clash: Clash, internal: bool) -> list[str]:
    """Return for each lock that alone breaks a rule of the clash: which schools, and by how much; of many the first."""
    within = problem.under(clash.rules)
    locks = [rule for rule in clash.rules if isinstance(rule, Locked) and (internal or not rule.accepted)]
    broken = [
        breach for lock in locks for breach in lasting_breaches(within, lock.urns & set(problem.roster.headship_of))
    ]
    words = list(dict.fromkeys(breach.words for breach in broken if internal or not breach.private))
    more = len(words) - FIGURES_SHOWN
    return [*words[:FIGURES_SHOWN], *([f"{more} more such"] if more > 0 else [])]


def way_line(way: WayOut, *, internal: bool = False) -> str:
    """Return a way out, how to type it, and its plan, in one line."""
    return f"{way_change(way)}{_typed_in_brackets(way, internal)}; {way_then(way)}"


def typed_line(way: WayOut, *, internal: bool = False) -> str:
    """Return a way out as options of a command, ready to be typed; "" where it is private, if not `internal`."""
    return " ".join(f"--set {shlex.quote(line)}" for line in _typed(way, internal))


def _typed(way: WayOut, internal: bool) -> tuple[str, ...]:
    return way.typed if internal or not way.private else ()


def _typed_in_brackets(way: WayOut, internal: bool) -> str:
    line = typed_line(way, internal=internal)
    return f" ({line})" if line else ""


def way_change(way: WayOut) -> str:
    """Return the change that a way out makes, in words."""
    return change_words(way.words)


def way_then(way: WayOut) -> str:
    """Return the plan of a way out, in words."""
    run = way.run
    assert run.cost is not None
    cost = amount(run.cost.total, way.problem.preferences.measure)
    left_out = f"{run.unplaced} small school{'s' * (run.unplaced != 1)} not yet placed"
    return f"{left_out}, {cost} a year, {sureness_words(run)}"


def way_facts(way: WayOut, *, internal: bool = False) -> dict[str, Any]:
    """Return a way out as facts for JSON; `settings` are what to type after `--set`, in order."""
    run = way.run
    assert run.cost is not None
    facts = {"change": way.words, "settings": list(_typed(way, internal)), "status": run.status}
    return {**facts, "cost": run.cost.terms(), "unplaced": run.unplaced, "gap": run.gap}


# Parts ------------------------------------------------------------------------------------------------------


def _where(told_to: Explanation) -> list[str]:
    account, urn = told_to.account, told_to.urn
    number = account.plan.partnership_of.get(urn)
    if number is None:
        reason = account.reasons.get(urn)
        return [f"It is in no partnership{f': {reason}' if reason else ''}."]
    item = account.partnerships[number - 1]
    words = [f"It is in partnership {number}, {item.name}, with:"]
    for other in companions(account, urn):
        minutes = account.minutes_apart(urn, other)
        drive = "led by the same head" if _one_head(account.problem, urn, other) else _drive_words(minutes)
        words.append(f"{told_to.name(other)} ({other}), {drive}")
    return words


def _one_head(problem: Problem, urn: Urn, other: Urn) -> bool:
    return problem.roster.headship_of[urn] == problem.roster.headship_of[other]


def _drive_words(minutes: float | None) -> str:
    return "no road" if minutes is None else f"{minutes:.1f} minutes from school to school"


def _why_not(told_to: Explanation, why: NotPlaced) -> list[str]:
    problem = told_to.account.problem
    if why.clash is None:
        if why.instead is None:
            return ["Whether it could be placed was not found in the time given."]
        return [f"It could be placed, but then the best plan {_outcome_words(told_to, why.instead)}"]
    asked = f"{told_to.name(told_to.urn)} placed"
    clash = clash_sentence(problem, why.clash, asked, internal=told_to.internal)
    return [f"{clash[:1].upper()}{clash[1:]}.", *_who_is_near(told_to, why.clash)]


def _ways(told_to: Explanation) -> list[str]:
    """Return the ways out as sentences."""
    why = told_to.not_placed
    if why is None or why.ways is None:
        return []
    words = [
        f"Way out: {change_words(way.words)}{_typed_in_brackets(way, told_to.internal)}; "
        f"{_outcome_words(told_to, outcome)}"
        for way, outcome in why.ways
    ]
    return [*words, f"Way out: {ACCEPT}; the plan stays as it is."]


def _who_is_near(told_to: Explanation, clash: Clash) -> Iterator[str]:
    """Yield a sentence on the heads who could join a school, if they are few; none if it would show a private rule."""
    if any(rule.private for rule in clash.rules) and not told_to.internal:
        return
    problem = told_to.account.problem
    near = who_could_join(problem, clash, told_to.urn)
    if len(near) == len(problem.roster) - 1:
        return  # these keep nobody from it, two by two
    if not near:
        yield "Taken two by two, these keep every other head from it."
    elif len(near) <= NAMED_MAX:
        names = "; ".join(told_to.name(urn) for urn in near)
        yield f"Taken two by two, these keep every other head from it but {len(near)}: {names}."


def _option_words(told_to: Explanation, option: Option) -> str:
    other = told_to.name(option.other)
    if option.already:
        one = _one_head(told_to.account.problem, option.urn, option.other)
        return f"With {other}: they are together already{', led by one head' if one else ''}."
    if option.outcome is not None:
        names = "; ".join(told_to.name(urn) for urn in option.outcome.with_school(option.urn))
        return f"With {names}: {_outcome_words(told_to, option.outcome)}"
    return f"With {other}: cannot be; {_forbidden(told_to, option)}."


def _forbidden(told_to: Explanation, option: Option) -> str:
    if option.nowhere:
        return f"{told_to.name(option.urn)} cannot be placed with anybody, as is said above"
    if option.breach is not None:
        return NOT_FOR_PUBLICATION if option.breach.private and not told_to.internal else option.breach.words
    if option.clash is not None:
        return clash_sentence(told_to.account.problem, option.clash, "the two together", internal=told_to.internal)
    return "no plan was found in the time given"


def _outcome_words(told_to: Explanation, outcome: Outcome) -> str:
    """Return the end of a sentence: cost, schools moved and placed or no longer placed, and how sure this is."""
    kinds: tuple[tuple[SchoolKind, str], ...] = (
        ("moved", "move"),
        ("newly placed", "newly placed"),
        ("no longer placed", "no longer placed"),
    )
    words = [f"it {_cost_words(outcome)}"]
    parts = [f"{name} {_signed(told_to, value)}" for name, value in outcome.extra.amounts.items() if value]
    if len(parts) > 1:
        words[0] += f" ({', '.join(parts)})"
    for kind, label in kinds:
        urns = [change.urn for change in outcome.changes.of_kind(kind)]
        if urns:
            words.append(
                f"{len(urns)} school{'s' * (len(urns) != 1)} {label}: {_listed([told_to.name(urn) for urn in urns])}"
            )
    if len(words) == 1:
        words.append("nobody moves")
    return f"{'; '.join(words)}; {outcome.sure}."


def _listed(names: Sequence[str]) -> str:
    """Return the first few names, and the number of the others."""
    more = len(names) - MOVERS_SHOWN
    return "; ".join(names[:MOVERS_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _cost_words(outcome: Outcome) -> str:
    """Return the difference in cost from the explained plan, in words."""
    total, share = outcome.extra.total, outcome.share
    if not total:
        return "costs the same"
    percent = f" ({abs(share):.1%})" if share is not None else ""
    more = "costs" if total > 0 else "saves"
    return f"{more} {amount(abs(total), outcome.before.unit)} a year{' more' * (total > 0)}{percent}"


def _signed(told_to: Explanation, thousandths: int) -> str:
    return f"{'+' if thousandths > 0 else '−'}{amount(abs(thousandths), told_to.account.unit)}"


def _placed_cost_moved(outcome: Outcome) -> tuple[str, str, str]:
    placed = f"{outcome.fewer_unplaced:+d}" if outcome.fewer_unplaced else "0"
    return placed, _cost_words(outcome), str(outcome.changes.moved)


def _outcome_cells(outcome: Outcome) -> list[str]:
    """Return the cells of a row: schools placed, cost, heads moved, schools newly and no longer placed, how sure."""
    kinds: tuple[SchoolKind, ...] = ("newly placed", "no longer placed")
    names = outcome.before.area.name_of
    who = [_listed([names(change.urn) for change in outcome.changes.of_kind(kind)]) or "nobody" for kind in kinds]
    return [*_placed_cost_moved(outcome), *who, outcome.sure]


def _outcome_facts(outcome: Outcome | None) -> dict[str, Any]:
    if outcome is None:
        return {"status": "unknown"}
    return {
        "status": outcome.run.status,
        "extra": outcome.extra.terms(),
        "share": outcome.share,
        "gap": outcome.run.gap,
        "more_placed": outcome.fewer_unplaced,
        "heads_moved": outcome.changes.moved,
        "schools": [
            {"urn": change.urn, "name": change.name, "change": change.kind} for change in outcome.changes.schools
        ],
    }


def _option_facts(told_to: Explanation, option: Option) -> dict[str, Any]:
    known = {"urn": option.other, "name": told_to.name(option.other), "already": option.already}
    if option.already:
        return known
    if option.outcome is None:
        return {
            **known,
            "status": "infeasible" if option.nowhere or option.breach or option.clash else "unknown",
            "forbidden": _forbidden(told_to, option),
        }
    return {**known, "companions": list(option.outcome.with_school(option.urn)), **_outcome_facts(option.outcome)}


def _schools_of(clash: Clash, internal: bool) -> list[Urn]:
    return [] if any(rule.private for rule in clash.rules) and not internal else list(clash.schools)


def _not_placed_facts(told_to: Explanation, why: NotPlaced) -> dict[str, Any]:
    problem = told_to.account.problem
    return {
        "clash": None if why.clash is None else clash_lines(problem, why.clash, internal=told_to.internal),
        "irreducible": why.clash is not None and why.clash.irreducible,
        "schools": [] if why.clash is None else _schools_of(why.clash, told_to.internal),
        "ways_out": [
            {"change": way.words, "settings": list(_typed(way, told_to.internal)), **_outcome_facts(outcome)}
            for way, outcome in why.ways or ()
        ],
        "instead": None if why.instead is None else _outcome_facts(why.instead),
    }
