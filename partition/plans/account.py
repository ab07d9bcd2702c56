"""The account of a plan: every figure that an output shows, worked out once from the problem and the plan."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from geodata.urns import Urn
from partition.formats.language import ENGLISH, Language
from partition.model.area import Area
from partition.model.costs import Cost
from partition.model.plan import Plan
from partition.model.problem import Problem
from partition.model.roster import CENTIMINUTES, Group
from partition.model.rules import Breach
from partition.model.shares import shares
from partition.plans.identity import Identity
from partition.plans.identity import identities as identities_of
from partition.plans.score import Weighed
from partition.plans.sureness import sureness_of
from partition.solver.run import Run

Role = Literal["placed", "federation", "associate", "unplaced", "associate alone", "not taking part", "left"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnershipAccount:
    """One partnership of a plan in figures. Minutes are those of drives between heads' bases, each direction counted.

    The minutes are None where no road joins any two bases. `worst_pair` are the URNs of the bases of the longest drive.
    """

    number: int
    name: str
    key: str  # lasts from round to round
    was: str  # the name before people changed it, "" where they did not
    group: Group
    cost: Cost
    venue_urn: Urn
    mean_minutes: float | None
    worst_minutes: float | None
    worst_pair: tuple[Urn, Urn] | None
    links_kept: int
    links_broken: int  # links with one end here; a link between two partnerships counts in both
    breaches: tuple[Breach, ...]

    @property
    def already(self) -> bool:
        """Whether it is one headship that is a partnership already."""
        return self.group.already


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """Figures stated in a plan file, because a public plan file leaves out the links and rules behind the figures."""

    cost: Cost
    links_of: Mapping[Urn, tuple[int, int]]  # by URN, the number of its links kept and of its links broken
    criteria: tuple[str, ...]
    links_known: bool  # whether the file has the links themselves


class Account:
    """A plan in figures: costs, drives, links, roles of schools and breaches.

    Parameters
    ----------
    problem
        The problem that the plan answers.
    plan
        A plan whose headships are whole and take part in the problem.
    run
        The run of the solver that found the plan; None for a plan that was judged.
    breaches
        Breaches of the plan, as `check` returns them.
    reasons
        For each small school not placed, by URN, a sentence that says why.
    identities
        Keys and names of the partnerships in the plan's order; where empty, each begins with this plan, and is named
        after the place of its venue.
    sealed
        Figures of a plan file to be used in place of figures worked out from the links.
    left
        Numbers of the partnerships that have come to an end since. They keep their numbers, and count in no figure.
    weighed
        The plan as weighed already, so that no partnership is priced again.

    Examples
    --------
    >>> import numpy as np
    >>> from geodata.minutes import CrowFly
    >>> from partition import Account, Area, MinutesMax, Problem
    >>> urns, pupils, metres = np.array([[101, 102, 103], [90, 80, 70], [0, 2_000, 30_000]])
    >>> names, travel = ("Ash", "Birch", "Cedar"), CrowFly(urns, metres, metres)
    >>> area = Area(urns=urns, names=names, pupils=pupils, eastings=metres, northings=metres, travel=travel)
    >>> problem = Problem(area, [MinutesMax(20)])
    >>> account = Account(problem, problem.plan([[101, 102]]))
    >>> account.unplaced, account.drives.round(1).tolist()
    (('103',), [6.8, 6.8])
    """

    def __init__(
        self,
        problem: Problem,
        plan: Plan,
        *,
        run: Run | None = None,
        breaches: Sequence[Breach] = (),
        reasons: Mapping[Urn, str] | None = None,
        identities: Sequence[Identity] = (),
        sealed: Sealed | None = None,
        left: Collection[int] = (),
        weighed: Weighed | None = None,
    ) -> None:
        self.problem, self.plan, self.run = problem, plan, run
        self.breaches, self.reasons = tuple(breaches), dict(reasons or {})
        self.cost = sealed.cost if sealed else weighed.cost if weighed else problem.cost(plan)
        self.criteria = sealed.criteria if sealed else problem.criteria
        self._identities, self._sealed, self._weighed = tuple(identities), sealed, weighed
        self.left = frozenset(left)

    def without(self, left: Collection[int]) -> Account:
        """Return the account as it is once the partnerships with these numbers have come to an end."""
        if frozenset(left) == self.left:
            return self
        return Account(
            self.problem,
            self.plan,
            run=self.run,
            breaches=self.breaches,
            reasons=self.reasons,
            identities=self._identities,
            sealed=self._sealed,
            left=left,
            weighed=self._weighed,
        )

    @property
    def area(self) -> Area:
        return self.problem.area

    @cached_property
    def unplaced(self) -> tuple[Urn, ...]:
        """The URNs of small schools not yet placed."""
        return self.problem.unplaced(self.plan)

    @property
    def present(self) -> tuple[PartnershipAccount, ...]:
        """The partnerships that have not come to an end: what every count and sum is of."""
        return tuple(item for item in self.partnerships if item.number not in self.left)

    @property
    def joined(self) -> tuple[PartnershipAccount, ...]:
        """The present partnerships of several heads."""
        return tuple(item for item in self.present if not item.already)

    @property
    def federations(self) -> tuple[PartnershipAccount, ...]:
        """The headships that are present partnerships already, each by itself."""
        return tuple(item for item in self.present if item.already)

    @cached_property
    def place_of(self) -> Mapping[Urn, int]:
        """The number of the present partnership that each school is in, by URN."""
        return {urn: number for urn, number in self.plan.partnership_of.items() if number not in self.left}

    @property
    def small_placed(self) -> int:
        """The number of small schools in present partnerships."""
        return sum(item.group.small for item in self.present)

    @property
    def small_left(self) -> int:
        """The number of small schools in partnerships that have come to an end."""
        return sum(item.group.small for item in self.partnerships if item.number in self.left)

    @property
    def travel(self) -> int:
        """The cost of travel in present partnerships, in thousandths of the unit a year."""
        if not self.left:
            return self.cost.travel
        return self.cost.travel - sum(i.cost.travel for i in self.partnerships if i.number in self.left)

    @property
    def federation_words(self) -> str:
        """The number of federations that are partnerships already, and of their schools; "" where there is none."""
        return self.federations_in(ENGLISH)

    def federations_in(self, language: Language) -> str:
        """Return `federation_words` in a language."""
        schools = sum(len(item.group.schools) for item in self.federations)
        if not schools:
            return ""
        return language.counted(
            len(self.federations),
            "{n} federation that is a partnership in itself, {schools} schools",
            "{n} federations that are partnerships in themselves, {schools} schools",
            schools=schools,
        )

    @cached_property
    def partnerships(self) -> tuple[PartnershipAccount, ...]:
        """The account of every partnership, in the plan's order, those that left too."""
        tariff = self.problem.tariff
        priced = self._weighed.priced if self._weighed else ()
        priced = priced or tuple((group, tariff.cost(group)) for group in self.problem.groups(self.plan))
        known = self._identities or identities_of(self.problem, self.plan)
        return tuple(
            self._partnership(number, identity, group, cost)
            for number, (identity, (group, cost)) in enumerate(zip(known, priced, strict=True), 1)
        )

    def _partnership(self, number: int, identity: Identity, group: Group, cost: Cost) -> PartnershipAccount:
        drives = _drives(group)
        known = drives[drives >= 0]
        worst_pair = None
        if known.size:
            a, b = np.unravel_index(int(drives.argmax()), drives.shape)
            worst_pair = (group.headships[int(a)].base_urn, group.headships[int(b)].base_urn)
        here = set(group.urns)
        return PartnershipAccount(
            number=number,
            name=identity.name,
            key=identity.key,
            was=identity.was,
            group=group,
            cost=cost,
            venue_urn=self.problem.tariff.venue(group),
            mean_minutes=float(known.mean()) / CENTIMINUTES if known.size else None,
            worst_minutes=int(known.max()) / CENTIMINUTES if known.size else None,
            worst_pair=worst_pair,
            links_kept=sum(self.links_of[urn][0] for urn in here) // 2,
            links_broken=sum(self.links_of[urn][1] for urn in here),
            breaches=tuple(breach for breach in self.breaches if breach.urns and here.issuperset(breach.urns)),
        )

    @cached_property
    def drives(self) -> NDArray[np.float64]:
        """The minutes of every drive between two bases of a present partnership, each direction counted, ascending."""
        drives = [_drives(item.group).ravel() for item in self.present]
        every = np.concatenate(drives) if drives else np.zeros(0)
        return np.asarray(np.sort(every[every >= 0]) / CENTIMINUTES, dtype=np.float64)

    @cached_property
    def links(self) -> tuple[tuple[Urn, Urn, bool], ...]:
        """Links that people named between headships that take part: both URNs, and whether the plan keeps the link.

        Empty for a plan read back from a public plan file, of which only `links_of` counts links.
        """
        return tuple((a, b, kept) for a, b, kept, column in self._every_link if not column)

    @cached_property
    def _every_link(self) -> tuple[tuple[Urn, Urn, bool, str], ...]:
        takes_part, partnership_of = self.problem.roster.headship_of, self.place_of
        found = []
        for link in self.area.links:
            a, b = link.urn_a, link.urn_b
            if a in takes_part and b in takes_part and takes_part[a] != takes_part[b]:
                kept = a in partnership_of and partnership_of[a] == partnership_of.get(b)
                found.append((a, b, kept, link.column))
        return tuple(found)

    @cached_property
    def shared_of(self) -> Mapping[Urn, Mapping[str, tuple[int, int]]]:
        """Numbers of schools that share a school's value of a column, such as its trust, by URN and column.

        First the schools in the same partnership, then all that take part; schools of the same head do not count.
        """
        counts: dict[Urn, dict[str, tuple[int, int]]] = {}
        for a, b, kept, column in self._every_link:
            for urn in (a, b) if column else ():
                here, there = counts.setdefault(urn, {}).get(column, (0, 0))
                counts[urn][column] = here + kept, there + 1
        return counts

    @cached_property
    def shared(self) -> Mapping[str, tuple[int, int]]:
        """Numbers of pairs of schools with one value of a column, by column: pairs together in the plan, and all."""
        found: dict[str, tuple[int, int]] = {}
        for _, _, kept, column in self._every_link:
            if column:
                here, there = found.get(column, (0, 0))
                found[column] = here + kept, there + 1
        return found

    @cached_property
    def links_of(self) -> Mapping[Urn, tuple[int, int]]:
        """The numbers of links of each school, by URN, that the plan keeps and that the plan breaks."""
        if self._sealed:
            ended = self.plan.partnership_of.keys() - self.place_of.keys()  # whose links are kept among themselves
            return {
                urn: (0, kept + broken) if urn in ended else (kept, broken)
                for urn, (kept, broken) in self._sealed.links_of.items()
            }
        counts = {urn: [0, 0] for urn in self.area.urns}
        for a, b, kept in self.links:
            for urn in (a, b):
                counts[urn][not kept] += 1
        return {urn: (kept, broken) for urn, (kept, broken) in counts.items()}

    @property
    def links_known(self) -> bool:
        """Whether the links themselves are known: a public plan file, read without its inputs, only counts them."""
        return self._sealed is None or self._sealed.links_known

    @cached_property
    def own(self) -> tuple[Cost | None, ...]:
        """What each head has of the plan, in the order of the roster; None for one that is not placed."""
        return shares(self.problem, self.plan)

    def own_at(self, urn: Urn) -> Cost | None:
        """Return what the head has who travels from a school; None for another school, and for a head not placed."""
        roster, left = self.problem.roster, self.plan.partnership_of.get(urn) in self.left
        node = roster.headship_of.get(urn)
        is_base = node is not None and roster.headships[node].base_urn == urn
        return self.own[node] if node is not None and is_base and not left else None

    @property
    def links_kept(self) -> int:
        """The number of working links that the plan keeps."""
        return sum(kept for kept, _ in self.links_of.values()) // 2

    @property
    def links_broken(self) -> int:
        """The number of working links that the plan breaks."""
        return sum(broken for _, broken in self.links_of.values()) // 2

    @cached_property
    def today_of(self) -> Mapping[Urn, str]:
        """The name of the partnership of today that each school is in, by URN."""
        return {urn: partnership.name for partnership in self.area.existing for urn in partnership.urns}

    def role(self, urn: Urn) -> Role:
        """Return the role of a school of the area in this plan."""
        roster, urn = self.problem.roster, Urn(urn)
        if urn not in roster.headship_of:
            return "not taking part"
        number = self.plan.partnership_of.get(urn)
        if number in self.left:
            return "left"
        if not roster.is_small(urn):
            return "associate alone" if number is None else "associate"
        if number is None:
            return "unplaced"
        return "federation" if self.partnerships[number - 1].already else "placed"

    def leaves(self, urn: Urn) -> tuple[Urn, ...]:
        """Return the URNs of a school's companions of today, under other heads, that the plan parts from this school.

        Companions that take no part are left out.
        """
        urn = Urn(urn)
        here = self.place_of.get(urn)
        for partnership in self.area.existing:
            if urn in partnership.urns:
                takes_part = self.problem.roster.headship_of
                others = (other for other in partnership.urns if other in takes_part)
                own = takes_part.get(urn)
                return tuple(
                    other
                    for other in others
                    if takes_part[other] != own and (here is None or self.place_of.get(other) != here)
                )
        return ()

    def minutes(self, urn_from: Urn, urn_to: Urn) -> float | None:
        """Return the minutes of the drive between the bases of two schools' heads; None where no road leads."""
        return self._minutes([(Urn(urn_from), Urn(urn_to))])[0]

    def minutes_apart(self, urn: Urn, other: Urn) -> float | None:
        """Return the minutes between two schools themselves, by the slower way, as limits on drives measure them.

        None where there is no road one way.
        """
        here, there = [self.area.index[urn]], [self.area.index[other]]
        ways = [int(self.area.travel.between(*way)[0][0]) for way in ((here, there), (there, here))]
        return None if min(ways) < 0 else max(ways) / CENTIMINUTES

    @cached_property
    def minutes_together(self) -> dict[tuple[Urn, Urn], float | None]:
        """The `minutes` between every two schools of a partnership, in both directions, by pair of URNs."""
        pairs = [pair for group in self.plan.partnerships for pair in permutations(group.urns, 2)]
        return dict(zip(pairs, self._minutes(pairs), strict=True))

    def _minutes(self, pairs: Sequence[tuple[Urn, Urn]]) -> list[float | None]:
        roster = self.problem.roster
        bases = [[roster.headships[roster.headship_of[urn]].base for urn in pair] for pair in pairs]
        if not bases:
            return []
        centiminutes, _ = self.area.travel.between([origin for origin, _ in bases], [to for _, to in bases])
        return [None if one < 0 else one / CENTIMINUTES for one in centiminutes.tolist()]

    @property
    def unit(self) -> str:
        """The unit of cost: "minutes" or "km"."""
        return self.problem.preferences.measure

    @property
    def none_possible(self) -> bool:
        """Whether it is proven that no plan has any partnership, but for federations that are partnerships already."""
        proven = self.run is not None and self.run.fewest_proven
        return proven and not self.joined and bool(self.unplaced)

    def _why_none(self) -> str:
        """Return the reason of every small school in a sentence, or of the first one, where reasons differ."""
        reasons = [self.reasons[urn] for urn in self.unplaced if urn in self.reasons]
        every = f"every {'other ' * bool(self.federations)}small school"
        if not reasons:
            return f"{every[:1].upper()}{every[1:]} is not yet placed."
        if len(set(reasons)) == 1:
            return f"Of {every}: {reasons[0]}."
        return f"Of {self.area.name_of(self.unplaced[0])}: {reasons[0]}. Each of the others has its own reason."

    def sureness(self, language: Language = ENGLISH) -> str:
        """Return a sentence, for planners to read out, that says how much better another plan could be."""
        beside = ", beside the federations that are partnerships already" * bool(self.federations)
        why_none = f"{beside}. {self._why_none()}" if self.none_possible else ""
        return sureness_of(self.run, self.unit, why_none, language)


def _drives(group: Group) -> NDArray[np.int64]:
    """Return the centiminutes between bases, -1 where no road leads and on the diagonal."""
    drives = group.base_centiminutes.copy()
    np.fill_diagonal(drives, -1)
    return drives
