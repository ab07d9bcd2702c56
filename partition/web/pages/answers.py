"""What schools said about a kept plan: edited here, pasted or added as a table; then the next round of talks."""

from __future__ import annotations

import json
import re
import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from geodata.faults import BadData, Fault
from geodata.urns import Urn
from partition.storage.project_file import PLAN
from partition.web.context import desk_of, kept_file, kept_of, tables_of
from partition.web.fixes import fault_rows
from partition.web.forms import GET, POST, go, is_day, posted, text_in
from partition.web.pages.studies import begin, standing
from partition.web.plan_tables import PlanTables
from partition.web.render import download, page
from partition.web.replies import HEADINGS, SAID, Reply, record, replies_to, table_of
from partition.web.tasks.answers import NEXT_ROUND

FIELDS_MAX = 18_000  # six for each of 3,000 schools
ASK = 40  # open answers solved both ways, as the command does
ASK_MAX = 500
LINE_MAX = 400
LISTS = {"partners": "Would work with", "wishes": "Wishes for, first wish first", "not_wanted": "Does not want"}
ROW = ("said", "partners", "date", "wishes", "not_wanted")  # its fields, as answers.js joins them too
PASTED = "what was pasted"
OWN = "a school neither wishes for itself nor refuses itself"
APART = re.compile(r"[;\n]+")


@dataclass(frozen=True, slots=True)
class Row:
    """A school as the page lists it, with what it said; `faults` are of what was typed."""

    urn: Urn
    name: str
    reply: Reply
    named: Mapping[str, str]  # by the fields of `LISTS`, as typed, or as people read it
    faults: tuple[str, ...] = ()

    @property
    def was(self) -> str:
        """The row as it was shown, so that a form sends back only what was changed."""
        return _sent({"said": self.reply.said, "date": self.reply.date, **self.named})


def answers(request: Request) -> Response:
    return _page(request, {}, ())


def _page(
    request: Request, wrong: Mapping[Urn, Row], faults: Sequence[Fault], status: int = 200, pasted: str = ""
) -> Response:
    """The page; with rows that were typed wrong, or with what is wrong with a table that was pasted."""
    desk, kept = desk_of(request), kept_of(request)
    asking = standing(request, "next round")
    tables, said = tables_of(request), replies_to(desk.project, kept)
    groups = list(_groups(tables, said, wrong))
    told = desk.project.file(kept.id, NEXT_ROUND)
    return page(
        request,
        "answers.html",
        status,
        kept=kept,
        identifier=tables.identifier,
        groups=groups,
        progress=_progress(tables, said, groups),
        names=_offered(tables),
        said=SAID,
        lists=LISTS,
        asking=asking,
        round=None if told is None else json.loads(told),
        wrong=len(wrong),
        faults=fault_rows([fault.as_dict() for fault in faults]),
        pasted=pasted,
        ask=ASK,
        ask_max=ASK_MAX,
        approved=tables.approved,
    )


def _taking_part(tables: PlanTables) -> list[Mapping[str, Any]]:
    """The schools that are asked: those with a place to accept, or waiting for one."""
    return [school for school in tables.schools if school["partnership"] is not None or school["role"] == "unplaced"]


def _groups(tables: PlanTables, said: Mapping[Urn, Reply], wrong: Mapping[Urn, Row]) -> Iterable[dict[str, Any]]:
    """Partnerships with their rows, in order; then those not yet placed."""
    names = _names(tables)
    rows: dict[int | None, list[Row]] = {}
    for school in _taking_part(tables):
        reply = said.get(school["urn"], Reply())
        named = {field: "; ".join(names[urn] for urn in getattr(reply, field) if urn in names) for field in LISTS}
        row = wrong.get(school["urn"]) or Row(school["urn"], school["name"], reply, named)
        rows.setdefault(school["partnership"], []).append(row)
    for item in tables.partnerships:
        mine = rows.get(item["number"], [])
        every = [said.get(row.urn, Reply()).said for row in mine]
        stands = "accepted by all" if set(every) == {"yes"} else "not all accept" if "no" in every else ""
        if item["number"] in tables.left:
            stands = "left"
        yield {"name": f"{item['number']} {item['name']}", "counts": _counts(every), "stands": stands, "rows": mine}
    if alone := rows.get(None):
        every = [said.get(row.urn, Reply()).said for row in alone]
        yield {"name": "Not yet placed", "counts": _counts(every), "stands": "", "rows": alone}


def _counts(every: Sequence[str]) -> str:
    """How many said what, such as "2 yes, 1 undecided, 1 no answer yet"."""
    known = [one for one in ("yes", "no", "undecided", "none") if one in every]
    return ", ".join(f"{every.count(one)} {SAID[one]}" for one in known)


def _names(tables: PlanTables) -> dict[Urn, str]:
    """Schools as a form calls them: by name, or by URN where others have the same name."""
    every = [str(school["name"]) for school in tables.schools]
    count = Counter(every)
    return {
        school["urn"]: name if count[name] == 1 and not APART.search(name) else str(school["urn"])
        for school, name in zip(tables.schools, every, strict=True)
    }


def _offered(tables: PlanTables) -> list[tuple[str, str]]:
    """What a form may call schools, by name; and what tells each apart."""
    called = _names(tables)
    every = sorted(tables.schools, key=lambda school: (str(school["name"]), school["urn"]))
    return [(called[school["urn"]], f"{school['name']}, {school['urn']}") for school in every]


def _progress(tables: PlanTables, said: Mapping[Urn, Reply], groups: Sequence[Mapping[str, Any]]) -> str:
    """How far talks are, in a sentence."""
    asked = _taking_part(tables)
    every = [said.get(school["urn"], Reply()).said for school in asked]
    counts = _counts([one for one in every if one != "none"])
    accepted = sum(group["stands"] == "accepted by all" for group in groups)
    answered = len(every) - every.count("none")
    return (
        f"{answered} of {len(asked)} schools have answered{': ' * bool(counts)}{counts}; "
        f"{accepted} of {len(tables.partnerships) - len(tables.left)} partnerships are accepted by all their schools"
    )


# What is written down -----------------------------------------------------------------------------------------


def save(request: Request, form: FormData) -> Response:
    """The rows of a form that were changed: all of them, or none where any is wrong."""
    desk, kept = desk_of(request), kept_of(request)
    tables = tables_of(request)
    rows = [_typed(form, school["urn"], tables) for school in _taking_part(tables)]
    changed = [row for row in rows if row is not None]
    wrong = {row.urn: row for row in changed if row.faults}
    if not wrong:
        said = record(desk.project, kept, {row.urn: row.reply for row in changed})
    if request.headers.get("accept") == "application/json":
        if wrong:
            return JSONResponse({"faults": {urn: list(row.faults) for urn, row in wrong.items()}}, 422)
        groups = list(_groups(tables, said, {}))
        stands = [[group["counts"], group["stands"]] for group in groups]
        return JSONResponse({"progress": _progress(tables, said, groups), "groups": stands})
    if wrong:
        return _page(request, wrong, (), 422)
    return go(f"/plan/{kept.id}/answers")


def _typed(form: FormData, urn: Urn, tables: PlanTables) -> Row | None:
    """A row as it was typed; None where it is not in the form, or as it was."""
    if f"said:{urn}" not in form:
        return None
    typed = {what: text_in(form, f"{what}:{urn}", LINE_MAX) for what in ROW}
    if _sent(typed) == form.get(f"was:{urn}"):
        return None
    said, day = typed["said"], typed["date"]
    faults = [] if said in SAID else ["choose one of the answers listed"]
    found = {}
    for field in LISTS:
        found[field], unknown = _named(field, typed[field], urn, tables)
        faults += unknown
    called = _names(tables)
    faults += [
        f"{called[other]} is both wished for and not wanted; keep one"
        for other in found["wishes"]
        if other in found["not_wanted"]
    ]
    if day and not is_day(day):
        faults.append(f"“{day}” is no day; write it as 2026-03-31")
    name = next(school["name"] for school in tables.schools if school["urn"] == urn)
    found["partners"] = tuple(sorted(found["partners"]))
    reply = Reply(said if said in SAID else "none", date=day, **found)
    return Row(urn, name, reply, {field: typed[field] for field in LISTS}, tuple(faults))


def _sent(typed: Mapping[str, str]) -> str:
    """A row's fields in one text, by which a row that was changed is told from one that was not."""
    return "|".join(typed[what] for what in ROW)


def _named(field: str, text: str, own: Urn, tables: PlanTables) -> tuple[tuple[Urn, ...], list[str]]:
    """Schools named by URN or by name, between semicolons, in their order; and what is wrong with those not known."""
    urns_of: dict[str, list[Urn]] = {}
    for school in tables.schools:
        urns_of.setdefault(str(school["name"]).casefold(), []).append(school["urn"])
        urns_of.setdefault(str(school["urn"]), []).append(school["urn"])
    found, faults = dict[Urn, None](), list[str]()
    for part in filter(None, map(str.strip, APART.split(text))):
        match urns_of.get(part) or urns_of.get(part.casefold(), []):
            case [urn] if urn == own:
                faults.append("a school is no partner of itself" if field == "partners" else OWN)
            case [urn]:
                found[urn] = None
            case []:
                faults.append(
                    f"no school is called “{part[:60]}”; write its whole name, or its {tables.identifier.one}"
                )
            case several:
                urns = ", ".join(map(str, several))
                faults.append(
                    f"{len(several)} schools are called “{part[:60]}”; write its {tables.identifier.one}: {urns}"
                )
    return tuple(found), faults


def paste(request: Request, form: FormData) -> Response:
    """Rows pasted from a spreadsheet, or a file of them: all taken, or none with every fault told."""
    desk, kept = desk_of(request), kept_of(request)
    upload, text = form.get("file"), form.get("rows")
    try:
        if isinstance(upload, UploadFile) and upload.filename:
            suffix = ".xlsx" if upload.filename.casefold().endswith(".xlsx") else ".csv"
            said = _read(upload.file.read(), suffix, tables_of(request), upload.filename)
        elif isinstance(text, str) and text.strip():
            said = _read_pasted(text, tables_of(request))
        else:
            raise HTTPException(400, "Nothing was pasted, and no file was chosen.")
    except BadData as bad:
        pasted = text if isinstance(text, str) else ""
        return _page(request, {}, tuple(bad.faults), 422, pasted)
    record(desk.project, kept, said)
    return go(f"/plan/{kept.id}/answers")


def _read_pasted(text: str, tables: PlanTables) -> dict[Urn, Reply]:
    """Pasted cells, with or without headings. Raises BadData with all that is wrong with them."""
    content, added = _as_csv(text, {school["urn"] for school in tables.schools})
    return _read(content, ".csv", tables, PASTED, added)


def _as_csv(text: str, known_urns: Collection[Urn]) -> tuple[bytes, int]:
    """Pasted cells as CSV, under headings; and how many rows were put before them."""
    import csv
    import io

    text = re.sub(r"\r\n?", "\n", text).strip("\n")
    first = text.partition("\n")[0]
    apart = "\t" if "\t" in first else ";" if ";" in first and "," not in first else ","
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=apart))
    except csv.Error as wrong:
        raise BadData([Fault(file=PASTED, fix=f"it cannot be read as rows ({wrong})")]) from None
    first = rows[0][0].strip()
    headed = first not in known_urns and not first.isdecimal()
    out = io.StringIO()
    csv.writer(out).writerows(rows if headed else [_headings(len(rows[0])), *rows])
    return out.getvalue().encode(), 0 if headed else 1


def _headings(columns: int) -> tuple[str, ...]:
    """What so many columns without headings are: those of the sheet that schools were asked with, if they are more."""
    from partition.studies.next_round.ask_sheet import HEADINGS as ASKED

    return HEADINGS[: max(columns, 2)] if columns <= len(HEADINGS) else ASKED[:columns]


def _read(content: bytes, suffix: str, tables: PlanTables, name: str, added: int = 0) -> dict[Urn, Reply]:
    """A table of answers, by the one reader of them. Raises BadData with all that is wrong with it, by this name."""
    from geodata.answers import read_answers

    everybody = {school["urn"] for school in tables.schools}
    taking_part = {school["urn"] for school in _taking_part(tables)}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"answers{suffix}"
        path.write_bytes(content)
        try:
            with tables.identifier.in_faults():
                read = read_answers(path, everybody, taking_part, tables.identifier)
        except BadData as bad:
            raise BadData(
                [
                    replace(fault, file=name, row=None if fault.row is None else fault.row - added)
                    for fault in bad.faults
                ]
            ) from None
    return {
        urn: Reply(answer.said, answer.partners, answer.date, answer.wishes, answer.not_wanted)
        for urn, answer in read.by_urn.items()
    }


# What goes out ------------------------------------------------------------------------------------------------


def table(request: Request) -> Response:
    """What is written down, as the command line reads it."""
    kept = kept_of(request)
    return download("answers.csv", table_of(replies_to(desk_of(request).project, kept)).encode("utf-8-sig"))


def sheet(request: Request) -> Response:
    """The sheet to ask schools with, as the command `answers` writes it."""
    return download("answers.xlsx", _sheet(request))


def _sheet(request: Request) -> bytes:
    from partition.actions.next_round import write_ask_sheet

    with tempfile.TemporaryDirectory() as folder:
        _, files = write_ask_sheet(kept_file(request, PLAN), Path(folder))
        return Path(files["workbook"]).read_bytes()


def next_round(request: Request, form: FormData) -> Response:
    """Keep what all accepted, plan the rest again, and find out whom to talk to next."""
    kept = kept_of(request)
    said, ask = replies_to(desk_of(request).project, kept), text_in(form, "ask", 4)
    if not said:
        raise HTTPException(400, "Nobody has answered yet: write down what schools said first.")
    if not ask.isdecimal() or int(ask) > ASK_MAX:
        raise HTTPException(400, f"Say how many open answers to solve both ways: 0 to {ASK_MAX}.")
    there = {str(item["number"]) for item in tables_of(request).approved}
    released = [number for number in form.getlist("released") if number in there]
    return begin(request, "next round", "/answers", table=table_of(said), ask=int(ask), released=released)


ROUTES = [
    Route("/plan/{plan:number}/answers", answers, methods=GET),
    Route("/plan/{plan:number}/answers", posted(save, FIELDS_MAX), methods=POST),
    Route("/plan/{plan:number}/answers/paste", posted(paste), methods=POST),
    Route("/plan/{plan:number}/answers/next-round", posted(next_round), methods=POST),
    Route("/plan/{plan:number}/answers.csv", table, methods=GET),
    Route("/plan/{plan:number}/answers.xlsx", sheet, methods=GET),
]
