"""A way out is settings: typed by hand they make the plan that was promised, in random towns with every rule."""

from __future__ import annotations

from drawn_settings import Stated, stated_towns
from hypothesis import given, settings
from way_oracle import hold_ways


@settings(max_examples=100, deadline=None)
@given(stated_towns(6))
def test_every_way_out_typed_by_hand_makes_the_plan_that_was_promised(town: Stated) -> None:
    hold_ways(town)
