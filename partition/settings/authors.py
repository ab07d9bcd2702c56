"""The texts of papers that only their author knows, each stated once: a setting of the table `[report]`.

Nothing heavy is imported here, so that a page can list the texts at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["line", "text", "list"]
Phase = Literal["", "Pre-deployment", "Beta/Pilot", "Production", "Retired"]

HEAD, BODY, RECORD = "At the head of the report", "What the report says", "The transparency record"


@dataclass(frozen=True, slots=True)
class AuthorText:
    """One text: its key in `[report]`, its label, and what to write.

    A text of kind "list" has several items, each a line in a form; one with `choices` is one of them. A text that is
    not `is_needed` may stay empty in a final paper.
    """

    key: str
    label: str
    asks: str
    group: str
    kind: Kind = "line"
    is_needed: bool = True
    choices: tuple[str, ...] = ()

    @property
    def setting(self) -> str:
        """Return the name of the setting, such as `report.legal`."""
        return f"report.{self.key}"


TEXTS = (
    AuthorText("council", "Council", "name of the council, such as Anyshire County Council", HEAD),
    AuthorText("to", "Report to", "committee or body that the report goes to, such as Schools Forum", HEAD),
    AuthorText("author", "Report of", "post whose report it is, such as Director of Education", HEAD),
    AuthorText("contact", "Contact", "address for questions, such as schools@council.example", HEAD),
    AuthorText(
        "access",
        "Public or exempt",
        "Public, or the paragraph of Schedule 12A to the Local Government Act 1972 that exempts it",
        HEAD,
    ),
    AuthorText("wards", "Wards affected", "wards or divisions that are affected, or All", HEAD, "list"),
    AuthorText("key_decision", "Key decision", "reference in the forward plan, or No", HEAD),
    AuthorText("data_day", "Data are of", 'what day the data is of, in words, such as "July 2025"', HEAD),
    AuthorText("decisions", "Decisions sought", "the decisions sought, in the words to be minuted", BODY, "list"),
    AuthorText("preferred", "Preferred option", "letter of the preferred option, such as B: this plan", BODY),
    AuthorText("preferred_because", "Reasons for it", "why that option is preferred", BODY, "text"),
    AuthorText("rejected", "Alternatives rejected", "why each of the other options is not preferred", BODY, "text"),
    AuthorText("conclusion", "Conclusion", "what follows from it all", BODY, "text"),
    AuthorText(
        "consultation",
        "Consultation",
        "who was consulted (heads, governing bodies, dioceses, trusts, parents, unions, local members), when, and what "
        "they said",
        BODY,
        "text",
    ),
    AuthorText("financial", "Financial implications", "comments of the finance officer", BODY, "text"),
    AuthorText("legal", "Legal implications", "comments of the legal officer, with the powers used", BODY, "text"),
    AuthorText("risk", "Risk implications", "the council's own risks, and what is done about them", BODY, "text"),
    AuthorText(
        "equality",
        "Equality implications",
        "the equality impact assessment under section 149 of the Equality Act 2010, or why there is none",
        BODY,
        "text",
    ),
    AuthorText("climate", "Climate implications", "what it means for the council's climate aims", BODY, "text"),
    AuthorText("background", "Background papers", "papers besides the plan itself", BODY, "list", is_needed=False),
    AuthorText("team", "Team", "team that uses the program, such as School Organisation", RECORD),
    AuthorText(
        "third_parties",
        "Third parties",
        "third parties that take part in using it, their role and how they were procured, or None",
        RECORD,
        "text",
    ),
    AuthorText("website", "Website", "address of a page about this use, or None", RECORD),
    AuthorText(
        "phase",
        "Phase",
        "how far its use is: Pre-deployment, Beta/Pilot, Production or Retired",
        RECORD,
        choices=("Pre-deployment", "Beta/Pilot", "Production", "Retired"),
    ),
    AuthorText("region", "Region", "region of England, such as East Midlands, or the country", RECORD),
    AuthorText("frequency", "How often it is run", "how often the program is run, such as once a year", RECORD),
    AuthorText("appeals", "Appeals", "how a school asks for review, and who answers", RECORD, "text"),
    AuthorText(
        "agreements",
        "Data sharing agreements",
        "agreements under which links or answers of schools are held, or None",
        RECORD,
        "text",
    ),
    AuthorText(
        "assessments",
        "Impact assessments",
        "impact assessments done (equality, data protection), with their dates",
        RECORD,
        "text",
    ),
)
BY_KEY: Mapping[str, AuthorText] = {text.key: text for text in TEXTS}


def lines_of(given: object) -> list[str]:
    """Return what was written for a text, as its lines or items; none where it is blank."""
    written = given if isinstance(given, list) else str(given).splitlines()
    return [line for item in written if (line := str(item).strip())]


def to_be_completed(given: Mapping[str, object]) -> tuple[AuthorText, ...]:
    """Return the texts that a final paper needs and that are blank; `given` is by key of `[report]`."""
    return tuple(text for text in TEXTS if text.is_needed and not lines_of(given.get(text.key, "")))
