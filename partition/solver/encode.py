"""The encoding of each rule for the solver. A new rule needs a function here, and nothing else in the solver."""

from __future__ import annotations

from functools import singledispatch

import numpy as np

from geodata.faults import BadData, Fault
from geodata.urns import Urn
from partition.model import rules
from partition.model.plan import Partnership
from partition.model.problem import Problem
from partition.model.roster import Roster
from partition.solver.builder import SpaceBuilder, narrow
from partition.solver.space import Groups, Ints, PlanRow, SearchSpace


def search_space(problem: Problem) -> SearchSpace:
    """Return the search space of a problem. Raises BadData where a rule has no encoding."""
    space = SpaceBuilder(problem)
    for rule in problem.rules:
        encode(rule, space)
    return space.build()


@singledispatch
def encode(rule: object, space: SpaceBuilder) -> None:
    """Encode a rule in the search space. Raises BadData for a rule without an encoding: no rule is ignored."""
    name = type(rule).__name__
    raise BadData([Fault(file="scenario", column="rules", value=name, fix="the solver cannot honour it; drop it")])


@encode.register
def encode_is_partnership(rule: rules.IsPartnership, space: SpaceBuilder) -> None:
    """Take out headships that are partnerships already.

    The first flag of every space demands a small school, and only a road makes neighbours.
    """
    space.usable[list(space.problem.roster.already)] = False


@encode.register
def encode_heads_per(rule: rules.HeadsPer, space: SpaceBuilder) -> None:
    """Limit heads by the lowest least number; encode each higher one as a sum.

    A headship with a lower least number of its own adds the whole of the higher one, any other headship adds 1.
    """
    own = {node: rule.least_of(space.problem.roster.group([node])) or 0 for node in range(space.size)}
    levels = sorted({rule.least or 0, *own.values()})
    space.limit_heads(levels[0], rule.most)
    for level in levels[1:]:
        counts = np.array([level if least < level else 1 for least in own.values()], dtype=np.int64)
        space.limit_sum(counts, level, None)


@encode.register
def encode_schools_per(rule: rules.SchoolsPer, space: SpaceBuilder) -> None:
    narrow(space.schools_limits, rule.least, rule.most)


@encode.register
def encode_pupils_per(rule: rules.PupilsPer, space: SpaceBuilder) -> None:
    narrow(space.pupils_limits, rule.least, rule.most)
    for roll in rule.rolls:
        space.limit_sum(_by_roll(space.problem, roll), rule.least, rule.most)


@encode.register
def encode_small_by_roll(rule: rules.SmallByRoll, space: SpaceBuilder) -> None:
    roster = space.problem.roster
    small = [any(roster.is_small_by(rule.roll, i) for i in headship.schools) for headship in roster.headships]
    space.wanted_flags.append(np.array(small, dtype=bool))


@encode.register
def encode_associates_max(rule: rules.AssociatesMax, space: SpaceBuilder) -> None:
    space.associates_max = min(space.associates_max, rule.most)


@encode.register
def encode_minutes_max(rule: rules.MinutesMax, space: SpaceBuilder) -> None:
    urns = space.problem.area.urns
    limits = np.array([rule.centiminutes_max(urn, urn) for urn in urns], dtype=np.int64)
    space.limit_drives(rule.between, centiminutes_max=limits)


@encode.register
def encode_km_max(rule: rules.KmMax, space: SpaceBuilder) -> None:
    space.limit_drives(rule.between, metres_max=rule.metres_max)


@encode.register
def encode_host_minutes_max(rule: rules.HostMinutesMax, space: SpaceBuilder) -> None:
    """Add nothing: the tariff has the limit, and `SpaceBuilder` makes the venues of the space from the tariff."""


@encode.register
def encode_head_minutes_max(rule: rules.HeadMinutesMax, space: SpaceBuilder) -> None:
    space.own_most = min(space.own_most, rule.thousandths_max)


@encode.register
def encode_together(rule: rules.Together, space: SpaceBuilder) -> None:
    space.tie(_nodes(space.problem.roster, rule.urns))


@encode.register
def encode_apart(rule: rules.Apart, space: SpaceBuilder) -> None:
    space.forbid(_nodes(space.problem.roster, rule.urns))


@encode.register
def encode_same(rule: rules.Same, space: SpaceBuilder) -> None:
    """Separate headships by value; a headship with a blank or with two values can be in no partnership."""
    area, headships = space.problem.area, space.problem.roster.headships
    nodes_by_value: dict[str, list[int]] = {}
    for node, headship in enumerate(headships):
        values = area.values(rule.column, headship.schools)
        blank = any(not area.values(rule.column, [school]) for school in headship.schools)
        if len(values) == 1 and not blank:
            nodes_by_value.setdefault(values.pop(), []).append(node)
        else:
            space.usable[node] = False
    space.separate(list(nodes_by_value.values()))


@encode.register
def encode_distinct_max(rule: rules.DistinctMax, space: SpaceBuilder) -> None:
    area, headships = space.problem.area, space.problem.roster.headships
    space.distinct.append(([area.values(rule.column, headship.schools) for headship in headships], rule.most))


@encode.register
def encode_at_least_one(rule: rules.AtLeastOne, space: SpaceBuilder) -> None:
    area, headships = space.problem.area, space.problem.roster.headships
    has = [rule.value in area.values(rule.column, headship.schools) for headship in headships]
    space.wanted_flags.append(np.array(has, dtype=bool))


@encode.register
def encode_locked(rule: rules.Locked, space: SpaceBuilder) -> None:
    """Tie the members, demand that all are placed, and, unless `open`, separate the members from all other nodes."""
    members = rule.demanded(space.problem.roster)
    if not members:
        return
    space.tie(sorted(members))
    space.must_place[sorted(members)] = True
    if not rule.open:
        space.separate([sorted(members), sorted(set(range(space.size)) - members)])


@encode.register
def encode_partnerships_count(rule: rules.PartnershipsCount, space: SpaceBuilder) -> None:
    weights = np.zeros(space.size, dtype=np.int64)
    space.plan_rows.append(PlanRow("partnerships", 1, weights, rule.least, rule.most))


@encode.register
def encode_grant_max(rule: rules.GrantMax, space: SpaceBuilder) -> None:
    roster = space.problem.roster
    left = rule.most - sum(rule.grant(roster.group([h])) for h in roster.already)
    space.plan_rows.append(PlanRow("grant", rule.per_partnership, space.small * rule.per_school, None, left))


@encode.register
def encode_moved_max(rule: rules.MovedMax, space: SpaceBuilder) -> None:
    """Add rows: each partnership of today has at most one successor, and enough headships stay in their successor."""
    existing = space.problem.roster.existing
    if not existing:
        return
    space.follows_today = True
    nobody = np.zeros(space.size, dtype=np.int64)
    space.plan_rows += [
        PlanRow(f"successor of {name}", 1, nobody, None, 1, label=n) for n, (name, _) in enumerate(existing)
    ]
    grouped = len({node for _, members in existing for node in members})
    staying = {members for _, members in existing if space.problem.roster.group(members).already}
    space.plan_rows.append(PlanRow("kept", 0, nobody, grouped - len(staying) - rule.most, None, kept=1))


@encode.register
def encode_links_broken_max(rule: rules.LinksBrokenMax, space: SpaceBuilder) -> None:
    """Add a row: the weight of links kept, by pairs of members, is at least the weight of all links less the limit."""
    pairs: list[dict[int, int]] = [{} for _ in range(space.size)]
    weights = space.problem.roster.link_weights
    for (a, b), weight in weights.items():
        pairs[a][b] = pairs[b][a] = weight
    nobody = np.zeros(space.size, dtype=np.int64)
    kept = sum(weights.values()) - rule.thousandths_max
    space.plan_rows.append(PlanRow("links kept", 0, nobody, kept, None, pairs=pairs))


@encode.register
def encode_differs(rule: rules.Differs, space: SpaceBuilder) -> None:
    """Add a row: at most all schools less `least` have the same companions as in the other plan, or none in both.

    A partnership equal to one of the other plan counts for its schools. A school in no partnership of the other plan
    counts as the same from the start, and a partnership that has the school takes off its weight. A headship that is a
    partnership already is the same where it is one in the other plan, and never otherwise.
    """
    roster = space.problem.roster
    already = set(roster.already)
    schools = np.where([node in already for node in range(space.size)], 0, space.schools)
    alike = [node for node in already if Partnership(roster.headships[node].urns) in rule.plan.partnerships]
    of_node = np.full(space.size, -1, dtype=np.int64)
    heads: list[int] = []
    weights: list[int] = []
    for urns in (partnership.urns for partnership in rule.plan.partnerships):
        nodes = _nodes(roster, frozenset(urns))
        of_node[nodes] = len(heads)
        whole = {urn for node in nodes for urn in roster.headships[node].urns} == set(urns)
        heads.append(len(nodes) if whole else 0)
        weights.append(int(schools[nodes].sum()))
    in_none = np.where(of_node < 0, schools, 0)
    groups = Groups(of_node, np.array(heads, dtype=np.int64), np.array(weights, dtype=np.int64))
    most = int(space.schools.sum() - in_none.sum() - space.schools[alike].sum()) - rule.least
    space.plan_rows.append(PlanRow("differs", 0, -in_none, None, most, groups=groups))


def _by_roll(problem: Problem, roll: str) -> Ints:
    """Return the pupils of each node by a column, such as a forecast."""
    return np.array([problem.roster.group([node]).pupils_by(roll) for node in range(len(problem.roster))], np.int64)


def _nodes(roster: Roster, urns: frozenset[Urn]) -> list[int]:
    return sorted({roster.headship_of[urn] for urn in urns if urn in roster.headship_of})
