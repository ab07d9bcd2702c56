"""The table of speeds: how fast each kind of road is driven, from a TOML file that users can replace."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from geodata import toml_text
from geodata.faults import BadData, Fault
from geodata.roads.ways import SHUT, Kind

OUR_TABLE = Path(__file__).with_name("speeds.toml")
KPH_PER_MPH = 1.609344
LIMIT = re.compile(r"(\d{1,3}(?:\.\d+)?) *(mph|km/h|kmh|kph|)", re.IGNORECASE)

Kph = Annotated[float, Field(gt=0, le=200)]
Seconds = Annotated[float, Field(ge=0, le=3_600)]
Share = Annotated[float, Field(gt=0, le=1.5)]


class Part(BaseModel):
    """A part of the table of speeds; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Walk(Part):
    """The speed of walking between a school and its road."""

    kph: Kph


class Urban(Part):
    """The density of junctions from which roads count as urban, and the least rank of the roads counted."""

    rank_min: Annotated[int, Field(ge=0, le=50)]
    junctions_per_km2: Annotated[float, Field(ge=0)]


class Road(Part):
    """A class of roads: its rank at junctions, its speeds without a limit, and the share of a limit that is driven."""

    rank: Annotated[int, Field(ge=0, le=50)]
    rural: Kph
    urban: Kph
    of_limit: Share


class Junctions(Part):
    """Seconds lost at junctions."""

    give_way: Seconds
    turn_off: Seconds
    equals: Seconds
    roundabout: Seconds


class Access(Part):
    """Values of access tags that shut a way to cars."""

    shut: frozenset[str]


class Slow(Part):
    """Shares and highest speeds of narrow roads, service roads, bad surfaces and fords."""

    narrow: Share
    service_kph: Mapping[str, Kph]
    surface_kph: Mapping[str, Kph]
    ford_kph: Kph


class Ferry(Part):
    """The speed of ferries, and the minutes of waiting before a crossing."""

    kph: Kph
    wait_minutes: Annotated[float, Field(ge=0, le=600)]


class Speeds(Part):
    """The whole table of speeds; speeds.toml explains each part."""

    format: Literal[1]
    walk: Walk
    urban: Urban
    roads: Mapping[str, Road]
    same_as: Mapping[str, str]
    limits_kph: Mapping[str, Kph]
    junctions: Junctions
    on_the_way: Mapping[str, Seconds | Literal["shut"]]
    access: Access
    slow: Slow
    ferry: Ferry

    @cached_property
    def digest(self) -> str:
        """Return the SHA-256 of the table's content, whatever its layout."""
        said = self.model_dump(mode="json")
        said["access"]["shut"].sort()
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    @cached_property
    def seconds_at(self) -> dict[tuple[str, str], float]:
        """Return the seconds lost at a point, by its OSM tag; SHUT where no car passes."""
        held = {tuple(tag.split("=", 1)): seconds for tag, seconds in self.on_the_way.items()}
        return {(tag[0], tag[-1]): SHUT if lost == "shut" else lost for tag, lost in held.items()}

    def road_called(self, words: str) -> str | None:
        """Return the class for a word in a file: "" where such roads are left out, None for an unknown word."""
        folded = words.strip().casefold()
        return folded if folded in self.roads else self.same_as.get(folded)

    def limit_kph(self, text: str | None, unit: str = "kph") -> float | None:
        """Return a limit in km/h; of a list the lowest; else None. Where it states no unit it is in `unit`, kph or mph.

        In OpenStreetMap that is km/h.
        """
        if not text:
            return None
        if found := LIMIT.fullmatch(text):
            kph = float(found[1]) * (KPH_PER_MPH if (found[2].casefold() or unit) == "mph" else 1)
            return kph if 0 < kph <= 200 else None
        if len(parts := re.split(r"[;|,]", text)) > 1:
            return min(filter(None, (self.limit_kph(part.strip(), unit) for part in parts)), default=None)
        return self.limits_kph.get(text.strip().casefold())

    def driven_kph(self, kind: Kind, is_urban: bool) -> tuple[float, float]:
        """Return the speeds along a line and back again, in km/h; 0 where a car may not go."""
        there = self._kph(kind, kind.limit_kph, is_urban)
        back = self._kph(kind, kind.limit_back_kph or kind.limit_kph, is_urban)
        return there * kind.forward, back * kind.backward

    def _kph(self, kind: Kind, limit_kph: float | None, is_urban: bool) -> float:
        """Return the speed in one direction, in km/h."""
        if kind.driven_kph is not None:
            return kind.driven_kph
        if kind.road == "ferry":
            return self.ferry.kph
        road = self.roads[kind.road]
        kph = limit_kph * road.of_limit if limit_kph else (road.urban if is_urban else road.rural)
        return min(kph, kind.cap_kph or kph) * kind.share


def read_speeds(path: Path | str = OUR_TABLE) -> Speeds:
    """Read the table in a TOML file. Raises BadData with every key that is missing, unknown or out of range."""
    path = Path(path)
    said = toml_text.parse(toml_text.read(path), path.name)
    try:
        speeds = Speeds.model_validate(said)
    except ValidationError as error:
        raise BadData(
            Fault(
                file=path.name,
                column=".".join(str(key) for key in problem["loc"]),
                value="" if problem["type"] == "missing" else str(problem["input"])[:60],
                fix=problem["msg"].lower(),
            )
            for problem in error.errors()
        ) from None
    if astray := sorted({road for road in speeds.same_as.values() if road and road not in speeds.roads}):
        raise BadData(
            Fault(file=path.name, column="same_as", value=road, fix="no class of [roads]; add it there")
            for road in astray
        )
    return speeds
