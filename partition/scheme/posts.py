"""Posts that a partnership's schools share: their size by pupils, days at each school, and the holder's drives.

The base is found by pricing every school that shares the post.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from geodata.urns import Urn
from partition.model.roster import CENTIMINUTES
from partition.plans.account import Account, PartnershipAccount
from partition.plans.amounts import PENCE
from partition.scheme.venues import round_trips
from partition.settings.scheme import Post, Posts

TENTHS = 10  # of a full-time equivalent, rounded down


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPost:
    """One post of one partnership."""

    title: str
    fte_tenths: int
    pupils: int  # of the schools that share it
    days: tuple[tuple[Urn, int], ...]  # URN and days a year there, by URN
    keep_own: tuple[Urn, ...]  # URNs of schools here that keep their own
    base_urn: Urn | None  # the holder's school; None where no school shares the post, or no road leads to all
    drive_minutes: float  # a year, from the base to the other schools and back, once for each day there
    pence: int  # a year
    source: str


TITLES = {
    "business_manager": "Partnership business manager",
    "senco": "SENCO or vulnerable children's officer",
    "joint_staff": "Joint staff",
}


def shared_posts(account: Account, settings: Posts) -> dict[int, tuple[SharedPost, ...]]:
    """Return the posts that the settings ask for, by partnership's number."""
    asked = [(TITLES[key], getattr(settings, key)) for key in TITLES if getattr(settings, key).is_asked]
    return {
        item.number: tuple(_post(account, item, title, post, settings.days_per_fte) for title, post in asked)
        for item in account.present
    }


def posts_pence(account: Account, settings: Posts) -> list[tuple[str, dict[int, int]]]:
    """Return the title of every post that is asked for and has a price, and its pence a year by partnership's number.

    It needs no drives, as `shared_posts` does.
    """
    priced = [(TITLES[key], getattr(settings, key)) for key in TITLES if getattr(settings, key).pounds_per_fte]
    return [
        (title, {item.number: _pence(_tenths_of(account, item, post), post) for item in account.present})
        for title, post in priced
        if post.is_asked
    ]


def _sharing(item: PartnershipAccount, post: Post) -> list[Urn]:
    return [urn for urn in item.group.urns if urn not in post.keep_own]


def _tenths_of(account: Account, item: PartnershipAccount, post: Post) -> int:
    sharing = _sharing(item, post)
    return _tenths(post, sum(int(account.area.pupils[account.area.index[urn]]) for urn in sharing)) if sharing else 0


def _pence(tenths: int, post: Post) -> int:
    """Return the cost of so many tenths of a full-time post, in whole pence: no rounding, as a rate is in pounds."""
    return tenths * post.pounds_per_fte * PENCE // TENTHS


def _post(account: Account, item: PartnershipAccount, title: str, post: Post, days_per_fte: int) -> SharedPost:
    area = account.area
    sharing = _sharing(item, post)
    pupils = [int(area.pupils[area.index[urn]]) for urn in sharing]
    tenths = _tenths_of(account, item, post)
    days = apportion(tenths * days_per_fte // TENTHS, pupils)
    base, drive = _base(account, sharing, days)
    return SharedPost(
        title=title,
        fte_tenths=tenths,
        pupils=sum(pupils),
        days=tuple(zip(sharing, days, strict=True)),
        keep_own=tuple(urn for urn in item.group.urns if urn in post.keep_own),
        base_urn=base,
        drive_minutes=drive / CENTIMINUTES,
        pence=_pence(tenths, post),
        source=post.source,
    )


def _tenths(post: Post, pupils: int) -> int:
    most = int(Fraction(str(post.fte_max)) * TENTHS)
    if post.fte is not None:
        return min(int(Fraction(str(post.fte)) * TENTHS), most)
    assert post.pupils_per_fte is not None
    return min(pupils * TENTHS // post.pupils_per_fte, most)


def apportion(days: int, pupils: Sequence[int]) -> list[int]:
    """Return whole days for each school by pupils.

    Each share is rounded down; days left over go to the largest remainders, of equals to the first.
    """
    whole = sum(pupils)
    if not whole:
        return [days // len(pupils) + (n < days % len(pupils)) for n in range(len(pupils))] if pupils else []
    shares = [days * count // whole for count in pupils]
    order = sorted(range(len(pupils)), key=lambda n: (-(days * pupils[n] % whole), n))
    for n in order[: days - sum(shares)]:
        shares[n] += 1
    return shares


def _base(account: Account, sharing: Sequence[Urn], days: Sequence[int]) -> tuple[Urn | None, int]:
    """Return the school from which the days take the least driving, and that driving in centiminutes a year."""
    positions = [account.area.index[urn] for urn in sharing]
    trips = round_trips(account.area, positions, positions)
    reached = [n for n in range(len(sharing)) if (trips[n] >= 0).all()]
    if not reached:
        return None, 0
    drive, urn = min((sum(int(trips[n, k]) * days[k] for k in range(len(days))), sharing[n]) for n in reached)
    return urn, drive
