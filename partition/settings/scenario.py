"""A scenario: all tables together, checked as far as they can be without the data."""

from __future__ import annotations

from pydantic import Field

from partition.settings.data import Data
from partition.settings.map import MapTable
from partition.settings.preferences import PreferencesTable
from partition.settings.rules import Rules
from partition.settings.scheme import Advisers, Effects, Money, Posts, Report, Review, Training, Venues
from partition.settings.solve import SolveTable
from partition.settings.travel import TravelTable
from partition.settings.types import (
    Table,
)


class Scenario(Table):
    """Everything that is asked, checked as far as it can be without the data."""

    data: Data = Field(Data(), description="what is read")
    travel: TravelTable = Field(TravelTable(), description="how minutes are come by")
    rules: Rules = Field(Rules(), description="criteria")
    preferences: PreferencesTable = Field(PreferencesTable(), description="priorities")
    solve: SolveTable = Field(SolveTable(), description="how long to look")
    money: Money = Field(
        Money(), description="the scheme's money: what grant_max counts, what starts it, what travel costs"
    )
    venues: Venues = Field(Venues(), description="the Lead Strategic Group's meetings")
    advisers: Advisers = Field(Advisers(), description="who advises whom")
    posts: Posts = Field(Posts(), description="posts that a partnership shares")
    review: Review = Field(Review(), description="peer review in trios")
    training: Training = Field(Training(), description="joint training days")
    report: Report = Field(Report(), description="what papers show")
    effects: Effects = Field(Effects(), description="did it work? Off unless results, a survey or activity are given")
    map: MapTable = Field(MapTable(), description="what the map shows besides the plan")
