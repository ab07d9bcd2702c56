"""A scenario: all tables together, checked as far as they can be without the data."""

from __future__ import annotations

from partition.settings.data import Data
from partition.settings.declare import setting
from partition.settings.federations import Federations
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

    data: Data = setting(Data(), "what is read")
    travel: TravelTable = setting(TravelTable(), "how minutes are come by")
    rules: Rules = setting(Rules(), "criteria")
    preferences: PreferencesTable = setting(PreferencesTable(), "priorities")
    solve: SolveTable = setting(SolveTable(), "how long to look")
    money: Money = setting(Money(), "the scheme's money: what grant_max counts, what starts it, what travel costs")
    venues: Venues = setting(Venues(), "the Lead Strategic Group's meetings")
    advisers: Advisers = setting(Advisers(), "who advises whom")
    posts: Posts = setting(Posts(), "posts that a partnership shares")
    review: Review = setting(Review(), "peer review in trios")
    training: Training = setting(Training(), "joint training days")
    report: Report = setting(Report(), "what papers show")
    federations: Federations = setting(Federations(), "who could share a head: columns that pairs are ranked by")
    effects: Effects = setting(Effects(), "did it work? Off unless results, a survey or activity are given")
    map: MapTable = setting(MapTable(), "what the map shows besides the plan")
