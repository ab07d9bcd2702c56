"""Where the Lead Strategic Group meets: the best venue, a rota over the year, and the drives of each head.

The best venue is found by pricing every school of the partnership, the rota by CP-SAT with proof: hosts in turns, or
as often as evens out the drives (minimax, then the least sum).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.urns import Urn
from partition.model.area import Area
from partition.model.roster import CENTIMINUTES, Group
from partition.scheme.proof import proven
from partition.settings.scheme import Venues

Centiminutes = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden:
    """The minutes that one head drives in a year to meetings in person, there and back."""

    base_urn: Urn
    minutes: float  # by the rota
    minutes_at_best: float  # with every meeting at the best venue


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One meeting of the year, numbered from 1; online where `venue_urn` is None."""

    number: int
    venue_urn: Urn | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueChoice:
    """A partnership's meetings. `venue_urn` is None where all heads can reach no school."""

    venue_urn: Urn | None
    minutes_a_meeting: float  # driving of all who attend, there and back, to the best venue
    people: int
    rota: tuple[Meeting, ...]
    burden: tuple[Burden, ...]  # worst first

    @property
    def hosts(self) -> tuple[tuple[Urn, int], ...]:
        """The schools where meetings are, and how many a year; most first, then by URN."""
        times = Counter(meeting.venue_urn for meeting in self.rota if meeting.venue_urn is not None)
        return tuple(sorted(times.items(), key=lambda host: (-host[1], host[0])))

    def hosts_words(self, area: Area) -> str:
        """Return who hosts how often: "2 at Ash, 1 at Birch"."""
        return ", ".join(f"{times} at {area.name_of(urn)}" for urn, times in self.hosts)


@dataclass(frozen=True, slots=True)
class Drives:
    """Centiminutes there and back from each head's base (rows) to each school that can host (columns); -1: no road."""

    urns: tuple[Urn, ...]
    round_trips: Centiminutes


def drives_to_hosts(group: Group, settings: Venues) -> Drives:
    """Return the drives from every head's base to every school of the partnership that may host a meeting."""
    area, barred = group.roster.area, set(settings.cannot_host)
    hosts = [position for position in group.schools if area.urns[position] not in barred]
    bases = [headship.base for headship in group.headships]
    return Drives(tuple(area.urns[h] for h in hosts), round_trips(area, bases, hosts))


def round_trips(area: Area, bases: Sequence[int], hosts: Sequence[int]) -> Centiminutes:
    """Return centiminutes from each base to each host and back; -1 where either way is missing."""
    if not hosts:
        return np.zeros((len(bases), 0), dtype=np.int64)
    origins, destinations = np.meshgrid(np.array(bases), np.array(hosts), indexing="ij")
    there = area.travel.between(origins.ravel(), destinations.ravel())[0].astype(np.int64)
    back = area.travel.between(destinations.ravel(), origins.ravel())[0].astype(np.int64)
    both = np.where((there < 0) | (back < 0), -1, there + back)
    return np.asarray(both.reshape(origins.shape))


def best_host(drives: Drives, settings: Venues, adviser: Centiminutes | None = None) -> tuple[int, int] | None:
    """Return the column of the best venue, and centiminutes of driving for one meeting there, of all who attend.

    `adviser` holds the adviser's round trip to each host. Of equals the lower URN; None where all can reach no host.
    """
    each = 1 + settings.chairs_per_headship
    sums = drives.round_trips.sum(axis=0) * each
    reached = np.asarray((drives.round_trips >= 0).all(axis=0))
    if adviser is not None:
        sums, reached = sums + adviser, reached & (adviser >= 0)
    fit = [(int(sums[n]), urn, n) for n, urn in enumerate(drives.urns) if reached[n]]
    return (min(fit)[2], min(fit)[0]) if fit else None


def meetings_in_person(settings: Venues) -> int:
    """Return how many of a year's meetings are in person."""
    return sum(not _online(number, settings) for number in range(1, settings.meetings_per_year + 1))


def _online(number: int, settings: Venues) -> bool:
    return bool(settings.online_every) and number % settings.online_every == 0


def choose_venue(group: Group, settings: Venues, adviser: Centiminutes | None = None) -> VenueChoice:
    """Return the meetings of one partnership; `adviser` is as in `best_host`."""
    drives = drives_to_hosts(group, settings)
    best = best_host(drives, settings, adviser)
    in_person = meetings_in_person(settings)
    people = len(group.members) * (1 + settings.chairs_per_headship) + (adviser is not None)
    bases = [headship.base_urn for headship in group.headships]
    if best is None:
        return VenueChoice(venue_urn=None, minutes_a_meeting=0.0, people=people, rota=(), burden=())
    times = (even_rota if settings.rota == "even" else fair_rota)(drives, bases, in_person)
    yearly = drives.round_trips @ times
    at_best = drives.round_trips[:, best[0]] * in_person
    burden = [
        Burden(base_urn=urn, minutes=int(yearly[n]) / CENTIMINUTES, minutes_at_best=int(at_best[n]) / CENTIMINUTES)
        for n, urn in enumerate(bases)
    ]
    return VenueChoice(
        venue_urn=drives.urns[best[0]],
        minutes_a_meeting=best[1] / CENTIMINUTES,
        people=people,
        rota=tuple(_rota(drives.urns, times, settings)),
        burden=tuple(sorted(burden, key=lambda one: (-one.minutes, one.base_urn))),
    )


def _rota(urns: Sequence[Urn], times: Centiminutes, settings: Venues) -> list[Meeting]:
    """Return the year's meetings in order: hosts take turns, in order of URN."""
    left, hosts = times.tolist(), []
    while any(left):
        for n, urn in enumerate(urns):
            if left[n]:
                hosts.append(urn)
                left[n] -= 1
    turns = iter(hosts)
    numbers = range(1, settings.meetings_per_year + 1)
    return [Meeting(number=n, venue_urn=None if _online(n, settings) else next(turns)) for n in numbers]


def fair_rota(drives: Drives, bases: Sequence[Urn], meetings: int) -> Centiminutes:
    """Return how often each host has a meeting in a year: heads' bases take turns, or other schools if none can host.

    The meetings left after whole turns go to the hosts that give the least driving to the head who drives most, then
    the least driving in all, then the lowest URNs. So with fewer meetings than hosts some hosts have none this year.
    """
    hosts = _hosts(drives, bases)
    rounds, extra = divmod(meetings, len(hosts))
    times = np.zeros(len(drives.urns), dtype=np.int64)
    times[hosts] = rounds
    return times + _least_for_the_worst(drives.round_trips, hosts, times, extra, 1) if extra else times


def even_rota(drives: Drives, bases: Sequence[Urn], meetings: int) -> Centiminutes:
    """Return how often each host has a meeting in a year, so that the head who drives most drives least.

    Then all heads together drive least, then the lowest URNs host. Hosts are heads' bases, or other schools if none can
    host; a school may have every meeting, or none.
    """
    hosts, none = _hosts(drives, bases), np.zeros(len(drives.urns), dtype=np.int64)
    return _least_for_the_worst(drives.round_trips, hosts, none, meetings, meetings) if meetings else none


def _hosts(drives: Drives, bases: Sequence[Urn]) -> list[int]:
    """Return the columns of the hosts that all can reach: heads' bases, or the other schools where there is none."""
    able = [n for n in range(len(drives.urns)) if (drives.round_trips[:, n] >= 0).all()]
    return [n for n in able if drives.urns[n] in set(bases)] or able


def _least_for_the_worst(
    trips: Centiminutes, hosts: Sequence[int], times: Centiminutes, extra: int, each_most: int
) -> Centiminutes:
    """Return how often hosts have the `extra` meetings besides `times`, each at most so often.

    So that the head who drives most drives least, then all heads together, then the lowest URNs host.
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    chosen = {n: model.new_int_var(0, each_most, f"host {n}") for n in hosts}
    model.add(sum(chosen.values()) == extra)
    most = int(trips.max(initial=0)) * (int(times.sum()) + extra)
    worst = model.new_int_var(0, most, "worst")
    for head in range(len(trips)):
        fixed = int(trips[head] @ times)
        model.add(worst >= fixed + sum(int(trips[head, n]) * chosen[n] for n in hosts))
    total: Any = sum(int(trips[:, n].sum()) * chosen[n] for n in hosts)
    ranks: Any = sum(rank * chosen[n] for rank, n in enumerate(hosts))
    above_ranks = len(hosts) * max(len(hosts), extra) + 1
    above_total = most * len(trips) + 1
    model.minimize((worst * above_total + total) * above_ranks + ranks)
    solver = proven(model, "the rota")
    found = np.zeros(len(times), dtype=np.int64)
    for n in hosts:
        found[n] = solver.value(chosen[n])
    return found
