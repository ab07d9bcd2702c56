"""Days as people write them."""

from __future__ import annotations

from datetime import date


def day_words(day: date | str) -> str:
    """Return a day, or its ISO text, in words: "10 March 2027". Raises ValueError for a text that is no day."""
    when = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{when.day} {when:%B %Y}"
