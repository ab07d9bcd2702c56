"""A draft: a plan that a planner edits by hand, each edit judged at once. No solver.

A draft consists of its first groups and a log of edits; the partnerships, the schools that take part and the locks
follow from these. So to undo means to leave out the last edit, and the same log gives the same plan on any machine.
`improving` turns the edits into settings for a search that starts from the draft.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any, Literal

from geodata.faults import BadData, Fault
from geodata.urns import Urn
from partition.model.area import Area, Existing
from partition.model.plan import Plan
from partition.model.problem import Problem
from partition.model.roster import Group, Roster, TakesPart
from partition.model.rules import MENDED_BY_JOINING, IsPartnership, Locked, MinutesMax
from partition.plans.account import Account
from partition.plans.exceptions import own_limits, own_limits_words
from partition.plans.identity import identified
from partition.plans.score import Difference, Scales, Weighed
from partition.scenario.build import build_participation, build_preferences, build_rules
from partition.scenario.case import Case
from partition.settings.scenario import Scenario
from partition.studies.hand_edits.edits import (
    Edit,
    Keep,
    KeepMany,
    Log,
    Move,
    MoveMany,
    Note,
    Pair,
    TakePart,
    edit_words,
    new_name,
)

PROBLEMS_KNOWN = 8  # states of a draft whose problem and costs are remembered


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """The state after a draft's edits. Partnerships have numbers that no edit changes; empty ones keep theirs."""

    place: Mapping[Urn, int]  # URN to its partnership
    names: Mapping[int, str]
    who: TakesPart
    kept: Mapping[int, tuple[frozenset[Urn], bool]] = field(default_factory=dict)  # schools when locked, if open
    pairs: Mapping[tuple[Urn, Urn], Literal["together", "apart"]] = field(default_factory=dict)
    notes: Mapping[Urn | int, str] = field(default_factory=dict)  # for the office, by school or by partnership

    def urns(self, partnership: int) -> tuple[Urn, ...]:
        """Return the URNs of a partnership's schools."""
        return self.groups.get(partnership, ())

    @cached_property
    def groups(self) -> dict[int, tuple[Urn, ...]]:
        """Return the schools of every partnership that has any, by its number."""
        found: dict[int, list[Urn]] = {}
        for urn, number in sorted(self.place.items()):
            found.setdefault(number, []).append(urn)
        return {number: tuple(urns) for number, urns in sorted(found.items())}

    def label(self, partnership: int) -> str:
        """Return a partnership's name as files of groups have it, with its number where two share a name."""
        name = self.names[partnership]
        return name if len(set(self.names.values())) == len(self.names) else f"{partnership} {name}"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A plan edited by hand. Every edit, `undo` and `redo` returns another draft."""

    case: Case
    states: tuple[Drawn, ...]  # the first state, and the state after each edit
    done: tuple[Edit, ...] = ()
    undone: tuple[Edit, ...] = ()  # the last undone first
    left: str = ""  # a sentence on edits of a kept log that no longer fit the data
    scales_of: Callable[[Drawn], Scales] = field(repr=False, compare=False)  # shared by all drafts of one beginning

    @classmethod
    def begin(
        cls,
        case: Case,
        groups: Sequence[tuple[str, Collection[Urn]]],
        log: Sequence[Edit] = (),
        notes: Mapping[Urn | int, str] | None = None,
    ) -> Draft:
        """Return the draft of these groups (name and URNs), numbered from 1, with `notes`, after the edits of `log`.

        Schools that take no part are left out; all schools of a head are placed with the base, if the base is in a
        group. Raises BadData where an edit of the log does not fit.
        """
        roster = case.problem.roster
        named = {Urn(urn): number for number, (_, urns) in enumerate(groups, 1) for urn in urns}
        place: dict[Urn, int] = {}
        for headship in roster.headships:
            here = [named[urn] for urn in headship.urns if urn in named]
            if here:
                place |= dict.fromkeys(headship.urns, named.get(headship.base_urn, min(here)))
        names = {number: name for number, (name, _) in enumerate(groups, 1)}

        @lru_cache(maxsize=PROBLEMS_KNOWN)
        def scales(terms: _Terms) -> Scales:
            return Scales(_problem(case, terms))

        drawn = Drawn(place=place, names=names, who=build_participation(case.scenario), notes=dict(notes or {}))
        began = _with_federations(roster, drawn)
        draft = cls(case=case, states=(began,), scales_of=lambda drawn: scales(_terms(drawn)))
        for edit in log:
            draft = draft.after(edit)
        return draft

    @property
    def drawn(self) -> Drawn:
        """Return the state after all edits."""
        return self.states[-1]

    @cached_property
    def problem(self) -> Problem:
        """Return the problem that judges the draft: the scenario's rules with those of the edits."""
        return self.scales_of(self.drawn).problem

    @cached_property
    def weighed(self) -> Weighed:
        """Return the draft's cost, the rules it breaks, and its unplaced schools."""
        return self._weigh(self.drawn)

    @property
    def plan(self) -> Plan:
        """Return the draft's plan."""
        return self.weighed.plan

    @property
    def joined(self) -> list[int]:
        """Return the numbers of the partnerships, without federations that are partnerships already."""
        return [number for number in self.drawn.groups if not self._is_federation(number)]

    @cached_property
    def number_of(self) -> Mapping[int, int]:
        """Return each partnership's number in the plan (by lowest URN), by its number in the draft."""
        return {number: self.plan.partnership_of[urns[0]] for number, urns in self.drawn.groups.items()}

    @cached_property
    def account(self) -> Account:
        """Return the draft as an account, like any judged plan."""
        name_of = {there: self.drawn.names[here] for here, there in self.number_of.items()}
        names = [name_of[number] for number in sorted(name_of)]
        known = identified(names, self.plan)
        weighed = self.weighed
        return Account(self.problem, self.plan, breaches=weighed.breaches, identities=known, weighed=weighed)

    @cached_property
    def since_begun(self) -> Difference:
        """Return the difference that all edits together make."""
        return Difference(before=self._weigh(self.states[0]), after=self.weighed)

    def after(self, edit: Edit) -> Draft:
        """Return the draft after one more edit, with no undone edits. Raises BadData where the edit does not fit."""
        drawn = self._apply(edit)
        if drawn == self.drawn:
            raise _refused("kind", edit.kind, "it is so already")
        self.scales_of(drawn)  # raises BadData where the rules then contradict the data
        return replace(self, states=(*self.states, drawn), done=(*self.done, edit), undone=())

    def undo(self) -> Draft:
        """Return the draft without its last edit; the same draft where there is none."""
        if not self.done:
            return self
        return replace(self, states=self.states[:-1], done=self.done[:-1], undone=(self.done[-1], *self.undone))

    def redo(self) -> Draft:
        """Return the draft with the edit last undone; the same draft where there is none."""
        return replace(self.after(self.undone[0]), undone=self.undone[1:]) if self.undone else self

    def at(self, count: int) -> Draft:
        """Return the draft with its first `count` edits done and all later ones undone; as far as it has edits."""
        draft = self
        while len(draft.done) > max(count, 0):
            draft = draft.undo()
        while len(draft.done) < count and draft.undone:
            draft = draft.redo()
        return draft

    @property
    def begun(self) -> Draft:
        """Return the draft before any edit."""
        return replace(self, states=self.states[:1], done=(), undone=())

    @property
    def log(self) -> Log:
        """Return the edits done and undone."""
        return Log(done=self.done, undone=self.undone)

    def replayed(self, log: Log) -> Draft:
        """Return the draft after a kept log, or after as many of its edits as fit the data; `left` then says so."""
        draft = self
        for place, edit in enumerate(log.done):
            try:
                draft = draft.after(edit)
            except BadData as bad:
                count = len(log.done) - place
                what = "The last edit" if count == 1 else f"The last {count} edits"
                return replace(draft, left=f"{what} cannot be done any more, as data have changed: {bad.faults[0].fix}")
        return replace(draft, undone=log.undone if draft._fits(log.undone) else ())

    def _fits(self, edits: Sequence[Edit]) -> bool:
        """Return whether these edits can be done, one after the other."""
        draft = self
        try:
            for edit in edits:
                draft = draft.after(edit)
        except BadData:
            return False
        return True

    def _apply(self, edit: Edit) -> Drawn:
        drawn = _apply(self.problem.roster, self.drawn, edit)
        return _with_federations(self.scales_of(drawn).problem.roster, drawn)

    def change(self, edit: Edit) -> Difference:
        """Return the difference that one more edit would make. Raises BadData where the edit does not fit."""
        return Difference(before=self.weighed, after=self._weigh(self._apply(edit)))

    def choices(self, urn: Urn) -> tuple[tuple[Move, Difference], ...]:
        """Return every place that a school could go to, with the difference it makes; out of any partnership last.

        Sorted by fewest further rules broken, then by most schools placed, then by cost. Raises BadData where the
        school is unknown or takes no part.
        """
        here = self.drawn.place.get(Urn(urn))
        places: list[int | Literal["new", "none"]] = [number for number in self.drawn.groups if number != here]
        places += ["new"] if here is None or len(self._heads(here)) > 1 else []
        places += ["none"] if here is not None and not self._is_federation(here) else []
        found = [(move, self.change(move)) for move in (Move(urn=urn, to=to) for to in places)]
        return tuple(sorted(found, key=_rank))

    def choices_of_many(self, urns: Sequence[Urn]) -> tuple[tuple[MoveMany, Difference], ...]:
        """Return every place that several schools could go to at once, as `choices` does for one; none for no school.

        Raises BadData where a school is unknown or takes no part.
        """
        asked = tuple(sorted({Urn(urn) for urn in urns}))
        here = {self.drawn.place.get(urn) for urn in asked}
        only = next(iter(here)) if len(here) == 1 else None  # a place that all of them are in already
        places: list[int | Literal["new", "none"]] = [number for number in self.drawn.groups if number != only]
        if only is None or {*self.drawn.urns(only)} - {*asked}:
            places.append("new")
        if here != {None}:
            places.append("none")
        moves = [MoveMany(urns=asked, to=to) for to in places] if asked else []
        found: list[tuple[MoveMany, Difference]] = []
        for move in moves:
            try:
                found.append((move, self.change(move)))
            except BadData:
                if move.to not in ("new", "none"):
                    raise  # a federation that is a partnership already goes to neither: no such place is offered
        return tuple(sorted(found, key=_rank))

    def _is_federation(self, partnership: int) -> bool:
        """Return whether a partnership is one head's schools, a partnership already: it cannot be taken apart."""
        return self.problem.roster.group(self._heads(partnership)).already

    def _heads(self, partnership: int) -> set[int]:
        return {self.problem.roster.headship_of[urn] for urn in self.drawn.urns(partnership)}

    def _weigh(self, drawn: Drawn) -> Weighed:
        scales = self.scales_of(drawn)
        return scales.weigh(scales.problem.plan(drawn.groups.values()))

    def words(self, edit: Edit) -> str:
        """Return an edit in words."""
        return edit_words(edit, self.case.problem.area, self.drawn.names)


def _rank(choice: tuple[Move | MoveMany, Difference]) -> tuple[bool, int, int, int]:
    move, found = choice
    return move.to == "none", len({breach.rule for breach in found.broken}), -found.placed, found.cost.total


# What an edit does ------------------------------------------------------------------------------------------------


def _apply(roster: Roster, drawn: Drawn, edit: Edit) -> Drawn:
    """Return the state after one more edit; `roster` is the one before. Raises BadData where the edit does not fit."""
    match edit:
        case Move():
            return _moved(roster, drawn, edit)
        case MoveMany():
            return _moved_many(roster, drawn, edit)
        case TakePart():
            return _taking_part(roster.area, drawn, edit)
        case Keep():
            return _kept(drawn, edit)
        case KeepMany(partnerships=numbers, how=how):
            for number in numbers:
                drawn = _kept(drawn, Keep(partnership=number, how=how))
            return drawn
        case Pair():
            return _paired(roster, drawn, edit)
        case Note():
            return _noted(roster.area, drawn, edit)


def _with_federations(roster: Roster, drawn: Drawn) -> Drawn:
    """Return the state with each federation that is a partnership already in one of its own, where it is in none."""
    for headship in (roster.headships[h] for h in roster.already):
        if not drawn.place.keys() & set(headship.urns):
            number = max(drawn.names, default=0) + 1
            place = {**drawn.place, **dict.fromkeys(headship.urns, number)}
            drawn = replace(drawn, place=place, names={**drawn.names, number: headship.name})
    return drawn


def _moved(roster: Roster, drawn: Drawn, edit: Move) -> Drawn:
    urns = _led_with(roster.area, edit.urn)
    if edit.urn not in roster.headship_of:
        why = roster.not_taking_part[edit.urn]
        raise _refused("urn", edit.urn, f"it does not take part ({why}); let it take part first")
    headship = roster.headships[roster.headship_of[edit.urn]]
    here = drawn.place.get(edit.urn)
    if edit.to in ("new", "none") and headship.already and here is not None and set(drawn.urns(here)) == set(urns):
        raise _refused("to", edit.to, f"{headship.name} is a partnership already, by itself")
    place = {urn: number for urn, number in drawn.place.items() if urn not in urns}
    if edit.to == "none":
        return replace(drawn, place=place)
    number, names = edit.to, drawn.names
    if number == "new":
        number = max(names, default=0) + 1
        names = {**names, number: new_name(number)}
    if number not in names:
        raise _refused("to", number, "there is no partnership of this number; choose one from the list")
    return replace(drawn, place={**place, **dict.fromkeys(urns, number)}, names=names)


def _moved_many(roster: Roster, drawn: Drawn, edit: MoveMany) -> Drawn:
    """Return the state with several heads moved; those who are there already stay."""
    to = edit.to
    number = max(drawn.names, default=0) + 1 if to == "new" else to
    moved: set[Urn] = set()
    for urn in edit.urns:
        if urn in moved or drawn.place.get(urn) == (None if number == "none" else number):
            continue
        drawn = _moved(roster, drawn, Move(urn=urn, to=to))
        to = number
        moved |= _led_with(roster.area, urn)
    return drawn


def _noted(area: Area, drawn: Drawn, edit: Note) -> Drawn:
    if edit.urn is not None:
        _led_with(area, edit.urn)  # refuses a school that is not there
    elif edit.partnership not in drawn.names:
        raise _refused("partnership", edit.partnership, "there is no partnership of this number; choose one")
    about: Urn | int = edit.urn if edit.urn is not None else int(edit.partnership or 0)
    notes = {one: words for one, words in drawn.notes.items() if one != about}
    return replace(drawn, notes={**notes, about: edit.words.strip()} if edit.words.strip() else notes)


def _taking_part(area: Area, drawn: Drawn, edit: TakePart) -> Drawn:
    who = drawn.who
    urns = _led_with(area, edit.urn)
    if edit.role != "out" and any(urn in area.answers and area.answers[urn].said == "no" for urn in urns):
        raise _refused("urn", edit.urn, "it answered no; change its answer if that is no longer so")
    limit = who.school_pupils_max
    small = {urn for urn in urns if limit is None or area.pupils[area.index[urn]] <= limit}
    out, associates, within = (set(them) - urns for them in (who.except_out, who.associates, who.except_in))
    if edit.role == "small":
        within |= {edit.urn} - small
    else:
        out |= small
        associates |= {edit.urn} if edit.role == "associate" else set()
    then = replace(who, except_in=frozenset(within), except_out=frozenset(out), associates=frozenset(associates))
    takes_part = Roster(area, then).headship_of
    place = {urn: number for urn, number in drawn.place.items() if urn in takes_part}
    pairs = {pair: how for pair, how in drawn.pairs.items() if takes_part.keys() >= set(pair)}
    kept = {number: lock for number, lock in drawn.kept.items() if takes_part.keys() & lock[0]}
    return replace(drawn, who=then, place=place, pairs=pairs, kept=kept)


def _kept(drawn: Drawn, edit: Keep) -> Drawn:
    if edit.partnership not in drawn.names:
        raise _refused("partnership", edit.partnership, "there is no partnership of this number; choose one")
    kept = {number: lock for number, lock in drawn.kept.items() if number != edit.partnership}
    if edit.how != "free":
        urns = frozenset(drawn.urns(edit.partnership))
        if not urns:
            raise _refused("partnership", edit.partnership, "no school is in it; move schools there first")
        kept[edit.partnership] = urns, edit.how == "open"
    return replace(drawn, kept=kept)


def _paired(roster: Roster, drawn: Drawn, edit: Pair) -> Drawn:
    area, heads = roster.area, roster.headship_of
    a, b = sorted(edit.urns)
    if b in _led_with(area, a):
        raise _refused("urns", f"{a}, {b}", "one head leads both, so they are always together")
    for urn in (a, b):
        _led_with(area, urn)
        if urn not in heads:
            raise _refused("urns", urn, f"{area.name_of(urn)} does not take part; let it take part first")
    pairs = {pair: how for pair, how in drawn.pairs.items() if pair != (a, b)}
    if edit.how != "free":
        pairs[a, b] = edit.how
    return replace(drawn, pairs=pairs)


def _led_with(area: Area, urn: Urn) -> set[Urn]:
    """Return the schools of this school's head, this school included."""
    if urn not in area.index:
        raise _refused("urn", urn, f"no school selected has this {area.identifier.one}; choose one from the list")
    return set(area.led_with[urn])


def _refused(column: str, value: object, fix: str) -> BadData:
    return BadData([Fault(file="edit", column=column, value=value, fix=fix)])


# What the edits ask of a problem ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Terms:
    """The part of a state that its problem depends on: who takes part, locks, and pairs together or apart."""

    who: TakesPart
    locks: tuple[Locked, ...]
    pairs: tuple[tuple[tuple[Urn, Urn], str], ...]


def _terms(drawn: Drawn) -> _Terms:
    kept = sorted(drawn.kept.items())
    locks = tuple(Locked(drawn.names[number], urns, open=to_others) for number, (urns, to_others) in kept)
    return _Terms(drawn.who, locks, tuple(sorted(drawn.pairs.items())))


def _problem(case: Case, terms: _Terms) -> Problem:
    scenario, area = case.scenario, case.problem.area
    rules = scenario.rules.model_copy(update=_rules_of(scenario, terms))
    asked = scenario.model_copy(update={"rules": rules})
    return Problem(area, [*build_rules(asked, area), *terms.locks], build_preferences(asked), terms.who)


def _rules_of(scenario: Scenario, terms: _Terms) -> dict[str, Any]:
    """Return the keys of the table of rules that the edits change, with their new values."""
    rules = scenario.rules
    said: dict[str, Any] = {key: sorted(getattr(terms.who, key)) for key in ("except_in", "except_out", "associates")}
    for how in ("together", "apart"):
        said[how] = [*getattr(rules, how), *(list(pair) for pair, asked in terms.pairs if asked == how)]
    return {key: value for key, value in said.items() if sorted(value) != sorted(getattr(rules, key))}


# Going on from here ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Improvement:
    """A search that starts from a draft: the draft as groups that exist, and the rules that differ.

    `groups` (label by URN) become `data.existing` and the plan to start from; `rules` override keys of that table.
    """

    groups: Mapping[Urn, str]
    rules: Mapping[str, Any]

    def scenario(self, asked: Scenario, existing: str) -> Scenario:
        """Return the scenario, with the groups in the file `existing` as today's groups."""
        data = asked.data.model_copy(update={"existing": existing})
        return asked.model_copy(update={"data": data, "rules": asked.rules.model_copy(update=dict(self.rules))})

    def problem(self, case: Case) -> Problem:
        """Return the problem of that scenario, without a file."""
        urns_by_label: dict[str, list[Urn]] = {}
        for urn, label in sorted(self.groups.items()):
            urns_by_label.setdefault(label, []).append(urn)
        existing = tuple(Existing(name=label, urns=tuple(urns)) for label, urns in urns_by_label.items())
        area = replace(case.problem.area, existing=existing)
        asked = self.scenario(case.scenario, "")
        return Problem(area, build_rules(asked, area), build_preferences(asked), build_participation(asked))


def improving(draft: Draft, moves_max: int | None) -> Improvement:
    """Return the search "improve from here, moving at most `moves_max` heads": heads who change companions.

    The price for parting two heads then follows the draft. Locks, of the scenario or the draft, name the draft's own
    partnerships. Raises BadData where a locked partnership is not as it was, or, where it is
    to be searched, breaks a rule that joining cannot mend.
    """
    drawn, scenario = draft.drawn, draft.case.scenario
    kept: dict[str, str] = {}
    faults: list[Fault] = []
    for key, name, urns in _locks(draft):
        here = {drawn.place[urn] for urn in urns if urn in drawn.place}
        lock = Locked(name, urns, open=key == "open_locked")
        groups = [draft.problem.roster.group(draft._heads(number)) for number in here]
        if len(here) == 1 and not any(True for group in groups for _ in lock.breaches(group)):
            label = drawn.label(here.pop())
            kept[label] = key if key != "open_locked" else kept.get(label, key)  # of two locks, the stricter
            faults += _kept_though_broken(draft.problem, lock, groups[0]) if moves_max is not None else ()
        else:
            fix = f"{name} is kept as now, but the draft changes it: put it back as it was, or keep it no longer"
            faults.append(Fault(file="edit", column="keep", value=name, fix=fix))
    if faults:
        raise BadData(faults)
    rules = {
        **_rules_of(scenario, _terms(drawn)),
        **{
            key: [label for label, how in kept.items() if how == key]
            for key in ("locked", "open_locked", "accepted", "approved")
        },
        "released": [],  # the locks above are those that are left
        "moved_max": moves_max,
    }
    differ = {key: value for key, value in rules.items() if value != getattr(scenario.rules, key)}
    differ["keep"] = None  # `keep` meant today's partnerships, which the locks above now name
    return Improvement(groups={urn: drawn.label(number) for urn, number in sorted(drawn.place.items())}, rules=differ)


def _kept_though_broken(problem: Problem, lock: Locked, group: Group) -> Iterator[Fault]:
    """Yield a fault for each rule that a partnership breaks as long as it is kept: no search would find a plan."""
    for rule in problem.rules:
        broken = [one for one in rule.breaches(group) if not lock.open or one.rule not in MENDED_BY_JOINING]
        if not broken:
            continue
        words = ", and ".join(dict.fromkeys(breach.words for breach in broken))
        way = "keep it no longer"
        if isinstance(rule, IsPartnership) and group.standing:
            names = " and ".join(headship.name for headship in group.standing)
            way = f"let {names} join others in the settings, or {way}"
        if isinstance(rule, MinutesMax):
            way = f"{own_limits_words(problem.area, own_limits(rule, group))} in the settings, or {way}"
        fix = f"{lock.name} is kept as now, but breaks a criterion: {words}; {way}"
        yield Fault(file="edit", column="keep", value=lock.name, fix=fix)


def _locks(draft: Draft) -> Iterator[tuple[str, str, frozenset[Urn]]]:
    """Yield each lock: its key, its name, and its schools that take part."""
    takes_part = draft.problem.roster.headship_of.keys()
    for rule in draft.problem.rules:
        if isinstance(rule, Locked):
            yield rule.key, rule.name, frozenset(rule.urns & takes_part)
