"""The files that stand beside a kept plan, in the words and the groups in which pages offer them.

A study that keeps files of a new kind adds a line to KINDS.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from geodata.urns import STEM, of_stem

ONE, OTHER = f"(?P<urn>{STEM})", f"(?P<other>{STEM})"  # schools in names of files
PLAN_ITSELF, COMMITTEE = "The plan", "For committee and colleagues"
SCHOOLS, OTHERS = "One for each school", "Other files"
KINDS: tuple[tuple[str, str, str], ...] = (  # what a name looks like, whole; its group; its words, with what matched
    (r"plan\.gpkg", PLAN_ITSELF, "Plan file (GeoPackage, opens in QGIS and ArcGIS)"),
    (r"map\.html", PLAN_ITSELF, "Map (one HTML file that opens anywhere, with no network)"),
    (r"search\.jsonl", PLAN_ITSELF, "Record of the search (JSON lines)"),
    (r"(?:internal )?papers/report\.docx", COMMITTEE, "Committee report, to work on (Word)"),
    (r"(?:internal )?papers/report\.pdf", COMMITTEE, "Committee report, to read (PDF)"),
    (r"(?:internal )?papers/workbook\.xlsx", COMMITTEE, "Workbook with its sums as formulas (Excel)"),
    (
        r"(?:internal )?papers/transparency_record\.docx",
        COMMITTEE,
        "Transparency record, to work on (Word)",
    ),
    (r"(?:internal )?papers/transparency_record\.pdf", COMMITTEE, "Transparency record, to read (PDF)"),
    (r"(?:internal )?papers/map\.html", COMMITTEE, "Map as a page, to mail"),
    (r"(?:internal )?papers/map_(a\d)\.pdf", COMMITTEE, "Map to print, {} (PDF)"),
    (r"(?:internal )?papers/map\.png", COMMITTEE, "Map as a picture (PNG)"),
    (rf"(?:internal )?papers/schools/{ONE}\.pdf", SCHOOLS, "Sheet for school {} (PDF)"),
    (r"(?:internal )?peer review/review\.csv", COMMITTEE, "Peer review: the visits (CSV)"),
    (r"(?:internal )?peer review/review_advisers\.csv", COMMITTEE, "Peer review: days of advisers (CSV)"),
    (r"(?:internal )?peer review/calendars/adviser_(\d+)\.ics", OTHERS, "Peer review: calendar of adviser {}"),
    (rf"(?:internal )?peer review/calendars/{ONE}\.ics", SCHOOLS, "Peer review: calendar of school {}"),
    (r"internal calls/calls\.xlsx", OTHERS, "Call sheet: whom to talk to next (Excel)"),
    (r"internal calls/calls\.csv", OTHERS, "Call sheet: whom to talk to next (CSV)"),
    (r"internal next round\.json", OTHERS, "Whom to talk to next, for programs (JSON)"),
    (r"advisers/\d+_(.*)_map\.html", COMMITTEE, "Map of {}’s patch (page)"),
    (r"advisers/\d+_(.*)\.html", COMMITTEE, "{}’s patch, to print or to mail (page)"),
    (r"advisers/advisers\.json", OTHERS, "Advisers and their patches, for programs (JSON)"),
    (r"internal effects/results\.csv", OTHERS, "Did it work? Schools’ results (CSV)"),
    (r"internal effects/survey\.csv", OTHERS, "Did it work? Survey (CSV)"),
    (r"internal effects/survey_by_partnership\.csv", OTHERS, "Did it work? Survey by partnership (CSV)"),
    (r"internal effects/activities\.csv", OTHERS, "Did it work? What partnerships do together (CSV)"),
    (r"internal effects/effects\.json", OTHERS, "Did it work? For programs (JSON)"),
    (r"internal sheets to fill in/(results|survey|activity)\.xlsx", OTHERS, "Sheet to fill in: {} (Excel)"),
    (r"rule_costs\.csv", COMMITTEE, "What each criterion costs (CSV)"),
    (r"rule_costs\.json", OTHERS, "What each criterion costs, for programs (JSON)"),
    (rf"explain_{ONE}\.html", SCHOOLS, "Reasons for school {} (page)"),
    (rf"explain_{ONE}\.md", SCHOOLS, "Reasons for school {} (Markdown)"),
    (rf"explain_{ONE}\.json", OTHERS, "Reasons for school {}, for programs (JSON)"),
    (
        rf"explain_{ONE}_with_{OTHER}\.html",
        SCHOOLS,
        "Reasons for school {}, and together with {} (page)",
    ),
    (
        rf"explain_{ONE}_with_{OTHER}\.md",
        SCHOOLS,
        "Reasons for school {}, and together with {} (Markdown)",
    ),
    (
        rf"explain_{ONE}_with_{OTHER}\.json",
        OTHERS,
        "Reasons for school {}, and with {}, for programs (JSON)",
    ),
    (r"alternatives\.html", COMMITTEE, "Options (one HTML file that opens anywhere, with no network)"),
    (r"alternatives\.csv", COMMITTEE, "Options (CSV)"),
    (r"alternatives_schools\.csv", COMMITTEE, "Every school’s companions in each option (CSV)"),
    (r"alternatives\.md", COMMITTEE, "Options for papers (Markdown)"),
    (r"alternatives_plans\.zip", COMMITTEE, "A plan file for each option (ZIP of GeoPackages)"),
    (r"alternatives\.json", OTHERS, "Options, for programs (JSON)"),
    (r"least_change\.csv", COMMITTEE, "Least change (CSV)"),
    (r"least_change\.md", COMMITTEE, "Least change for papers (Markdown)"),
    (r"least_change\.svg", COMMITTEE, "Least change as a picture (SVG)"),
    (r"least_change\.json", OTHERS, "Least change, for programs (JSON)"),
    (r"frontier\.csv", COMMITTEE, "Travel against working links (CSV)"),
    (r"frontier\.md", COMMITTEE, "Travel against working links for papers (Markdown)"),
    (r"frontier\.svg", COMMITTEE, "Travel against working links as a picture (SVG)"),
    (r"frontier\.json", OTHERS, "Travel against working links, for programs (JSON)"),
    (r"fairness\.csv", COMMITTEE, "Travel against the most minutes of one head (CSV)"),
    (r"fairness\.md", COMMITTEE, "Travel against the most minutes of one head for papers (Markdown)"),
    (r"fairness\.svg", COMMITTEE, "Travel against the most minutes of one head as a picture (SVG)"),
    (r"fairness\.json", OTHERS, "Travel against the most minutes of one head, for programs (JSON)"),
    (r"stability\.md", COMMITTEE, "Will it hold? Without names (Markdown)"),
    (r"internal will it hold/stability\.md", OTHERS, "Will it hold? With who gains what (Markdown)"),
    (r"internal will it hold/holding\.gpkg", OTHERS, "The cheapest plan found that nobody would leave (GeoPackage)"),
    (r"internal will it hold/stability_heads\.csv", OTHERS, "Will it hold? What each head has (CSV)"),
    (r"internal will it hold/stability\.json", OTHERS, "Will it hold? For programs (JSON)"),
    (r"sweep\.html", OTHERS, "Settings tried (one HTML file that opens anywhere, with no network)"),
    (r"sweep\.csv", OTHERS, "Settings tried (CSV)"),
    (r"sweep\.md", OTHERS, "Settings tried, for papers (Markdown)"),
    (r"sweep\.svg", OTHERS, "Settings tried as a picture (SVG)"),
    (r"sweep_heat\.svg", OTHERS, "Two settings as a picture (SVG)"),
    (r"sweep_tips\.csv", OTHERS, "Schools that tip (CSV)"),
    (
        rf"minutes_from_{ONE}\.html",
        OTHERS,
        "Map of the minutes (one HTML file that opens anywhere, with no network)",
    ),
    (r"minutes\.csv", OTHERS, "Minutes between all schools (CSV)"),
    (r"plans (\d+(?:-\d+)+)\.html", OTHERS, "Plans {} compared (page)"),
    (r"plans (\d+(?:-\d+)+)\.md", OTHERS, "Plans {} compared, for papers (Markdown)"),
    (r"plans (\d+(?:-\d+)+)_figures\.csv", OTHERS, "Plans {} compared: figures (CSV)"),
    (r"plans (\d+(?:-\d+)+)_schools\.csv", OTHERS, "Plans {} compared: schools that move (CSV)"),
    (r"plans (\d+(?:-\d+)+)_partnerships\.csv", OTHERS, "Plans {} compared: partnerships (CSV)"),
    (r"plans (\d+(?:-\d+)+)_links\.csv", OTHERS, "Plans {} compared: working links (CSV)"),
)
NO_TIME = (1980, 1, 1, 0, 0, 0)  # in an archive, so that the same files are the same bytes


@dataclass(frozen=True, slots=True)
class Offer:
    """A file as a page offers it."""

    name: str
    group: str
    words: str
    size: str
    internal: bool


def offers(sizes: Mapping[str, int], *, internal: bool = False) -> list[Offer]:
    """The files of a plan, in the order of KINDS; `internal` where the plan itself is."""
    found = []
    for name, size in sizes.items():
        place, group, words = _kind(name)
        is_internal = internal or name.startswith("internal ")
        found.append((place, name, Offer(name, group, words, _size(size), is_internal)))
    return [offer for _, _, offer in sorted(found, key=lambda each: each[:2])]


def is_working(name: str) -> bool:
    """Return whether a file is one of the program's own workings, which tells people nothing."""
    return name.endswith((".json", ".jsonl"))


def index_of(title: str, files: Iterable[Offer], more: Mapping[str, str]) -> bytes:
    """Return a page that says of each file in an archive what it is; `more` are further files, in words by name."""
    groups: dict[str, list[str]] = {}
    for one in files:
        mark = " <strong>Internal: not for publication</strong>" if one.internal else ""
        groups.setdefault(one.group, []).append(_line(one.name, one.words) + mark)
    for name, words in more.items():
        groups.setdefault(PLAN_ITSELF, []).append(_line(name, words))
    body = "".join(
        f"<h2>{html.escape(group)}</h2>\n<ul>\n{''.join(f'<li>{line}</li>{chr(10)}' for line in lines)}</ul>\n"
        for group, lines in groups.items()
    )
    head = (
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{html.escape(title)}</title>'
    )
    style = (
        "<style>body{max-width:50em;margin:2em auto;padding:0 1em;font:16px/1.5 sans-serif}li{margin:.4em 0}</style>"
    )
    text = f'<!DOCTYPE html>\n<html lang="en-GB">{head}{style}\n<h1>{html.escape(title)}</h1>\n{body}</html>\n'
    return text.encode()


def _line(name: str, words: str) -> str:
    return f'<a href="{html.escape(quote(name))}">{html.escape(words)}</a> ({html.escape(name)})'


def archive(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Files in one ZIP."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as together:
        for name, content in files:
            together.writestr(zipfile.ZipInfo(name, NO_TIME), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _kind(name: str) -> tuple[int, str, str]:
    for place, (looks, group, words) in enumerate(KINDS):
        if found := re.fullmatch(looks, name):
            schools = set(found.re.groupindex.values())
            parts = [of_stem(part) if n in schools else _said(part) for n, part in enumerate(found.groups(), 1)]
            return place, group, words.format(*parts)
    return len(KINDS), OTHERS, name


def _said(part: str) -> str:
    """What a name holds, as people say it: a size of paper, plans "1-2-3", an adviser."""
    if re.fullmatch(r"\d+(-\d+)+", part):
        *first, last = part.split("-")
        return f"{', '.join(first)} and {last}"
    return part.upper() if part in ("a3", "a4") else part.replace("_", " ")


def _size(count: int) -> str:
    return f"{count / 2**20:.1f} MB" if count >= 2**20 else f"{max(count // 1024, 1)} kB"
