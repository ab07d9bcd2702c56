"""Columns that name or contact people: never read, on anybody's request."""

from __future__ import annotations

import re

REASON = "it names or reaches a person, and such columns are never read"

_PERSONAL = re.compile(
    r"""^head(title|firstname|lastname|preferredjobtitle|name|s?email)  # the register's, and likenesses
    |^props
    |^(the|acting|interim|executive|current)?head(teacher|ofschool|master|mistress)s?(full)?(name)?$
    |^(nameof)?(the)?head(teacher|ofschool|master|mistress)?$
    |^(headteacher|principal|proprietor|chair|contact|clerk|governor)s?(full|first|last|sur|fore)*(name|title)
    |^(principal|proprietor|contact|contactperson)s?\d*(name)?$
    |^(phone|fax)(no|num|number)?\d*$
    |chairof(the)?governors
    |surname|forename|firstname|lastname|familyname
    |tele?phone|^tel(no|num|number)?$|mobile|e?mail
    """,
    re.VERBOSE,
)


def is_personal(heading: str) -> bool:
    """Return whether a heading is of people's names or contact details; headings of vacancies or headships are not."""
    return bool(_PERSONAL.search(re.sub(r"\(name\)|[^a-z0-9]", "", heading.casefold())))
