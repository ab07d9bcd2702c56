"""Settings in the words that planners use, with their units."""

from __future__ import annotations

import re

WORDS = {  # what it is called, and the unit of its values
    "rules.school_pupils_max": ("small-school limit", "pupils"),
    "rules.heads_min": ("fewest heads", ""),
    "rules.heads_max": ("most heads", ""),
    "rules.schools_min": ("fewest schools", ""),
    "rules.schools_max": ("most schools", ""),
    "rules.pupils_min": ("fewest pupils together", ""),
    "rules.pupils_max": ("most pupils together", ""),
    "rules.associates_max": ("most associates", ""),
    "rules.minutes_max": ("longest drive", "minutes"),
    "rules.km_max": ("longest way", "km"),
    "rules.host_minutes_max": ("longest drive to the venue", "minutes"),
    "rules.partnerships_min": ("fewest partnerships", ""),
    "rules.partnerships_max": ("most partnerships", ""),
    "rules.moved_max": ("most heads who move", ""),
    "rules.links_broken_max": ("most working links broken", ""),
    "rules.grant_max": ("largest grant", "pounds a year"),
    "rules.same": ("all of one", ""),
    "preferences.meetings_per_year": ("meetings", "a year"),
    "preferences.meet": ("meetings at", ""),
    "preferences.minutes_per_link": ("price of breaking a working link", "minutes"),
    "preferences.minutes_per_separation": ("price of parting two heads", "minutes"),
    "preferences.minutes_per_pupil_off_target": ("price of a pupil off target", "minutes"),
    "preferences.pupils_target": ("pupils aimed at", ""),
    "data.pupils_column": ("rolls", ""),
    "travel.roads": ("roads", ""),
}


def name_of(key: str) -> str:
    """What a setting, or a column, is called: its key in plain letters where it has no name here."""
    return WORDS[key][0] if key in WORDS else key.rpartition(".")[2].replace("_", " ")


def heading_of(key: str) -> str:
    """The same with its unit, as it heads a column."""
    unit = WORDS.get(key, ("", ""))[1]
    return f"{name_of(key)}, {unit}" if unit else name_of(key)


def value_of(key: str, value: str) -> str:
    """A value with its unit."""
    unit = WORDS.get(key, ("", ""))[1]
    return f"{value} {unit}" if unit and value != "off" else value


def change_words(change: str) -> str:
    """A rule that moves, as rules tell it (`minutes_max 20 to 25`), in planners' words; anything else as it is."""
    found = re.fullmatch(r"(\w+) (\S+) to (\S+)", change)
    key = f"rules.{found[1]}" if found else ""
    return f"{name_of(key)} {found[2]} to {value_of(key, found[3])}" if found and key in WORDS else change
