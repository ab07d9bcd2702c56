"""An algorithmic transparency record in the UK's recording standard (ATRS), filled in from the run."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import PackageNotFoundError, version

from partition.report.authored import authored
from partition.report.brief import Brief
from partition.report.criteria import criteria_met
from partition.report.method import CLOSES_NONE, PLAIN_METHOD, RISKS
from partition.report.paper import Block, Heading, Paper, Points, Words, count, grid
from partition.report.standard import FIELDS, VERSION

NAME = "school-partnerships"
PARTS_USED = ("ortools", "numba")
Answer = Callable[[Brief], Iterator[Block]]


def transparency_record(brief: Brief) -> Paper:
    """Return the record. Entries that only the organisation knows are left blank and marked so."""
    return Paper(
        title=f"Algorithmic transparency record: {brief.background.title}",
        blocks=tuple(_blocks(brief)),
        marks=brief.standing.marks,
        foot=brief.foot,
        is_draft=brief.standing.is_draft,
        numbered=False,
        author=brief.settings.author,
        subject=f"Algorithmic Transparency Recording Standard, version {VERSION}",
    )


def _blocks(brief: Brief) -> Iterator[Block]:
    yield Words(
        f"In the fields of the Algorithmic Transparency Recording Standard, version {VERSION}. What is here was filled "
        "in from the run and from the settings of its author."
    )
    for section, fields in FIELDS.items():
        yield Heading(section)
        for number, name in fields.items():
            yield Heading(f"{number} {name}", level=2)
            yield from ANSWERS[number](brief)


def _said(text: str) -> Answer:
    """Return an answer that is the same in every record."""
    return lambda _: iter((Words(text),))


def _author(key: str) -> Answer:
    """Return an answer that only the author knows."""
    return partial(authored, key=key)


def _title(brief: Brief) -> Iterator[Block]:
    yield Words(f"Partnerships of small schools: {brief.background.title}")


def _name(brief: Brief) -> Iterator[Block]:
    yield Words(f"{NAME} {_version(NAME)}")


def _description(brief: Brief) -> Iterator[Block]:
    yield Words(PLAIN_METHOD)
    yield Words(
        "It groups schools by head teacher. It does not assess schools, heads or pupils, and must not be used to. "
        f"{CLOSES_NONE}"
    )


def _alternatives(brief: Brief) -> Iterator[Block]:
    yield Points(tuple(f"{option.name}. {option.sureness}" for option in brief.options))
    yield Words("Of methods: drawing groups by hand, which the program can cost and check by the same measure.")


def _frequency(brief: Brief) -> Iterator[Block]:
    area, roster = brief.account.area, brief.account.problem.roster
    schools, small = count(len(area), "school"), count(roster.small_schools, "small school")
    yield Words(f"This run: {schools}, of which {small} to place.")
    yield from authored(brief, "frequency")


def _architecture(brief: Brief) -> Iterator[Block]:
    used = (
        "used here from its own page: a service on the council's computer (`partnerships serve`), which keeps plans, "
        "scenarios and answers of schools in a project file, and is reached from that computer alone unless whoever "
        "starts it says otherwise"
        if brief.is_served
        else "used here from the command line; no service stood behind this record"
    )
    yield Words(
        f"A program in Python on the council's own computers, {used}. It uses the network for nothing else, unless a "
        "routing server for drives, a scheduler for long studies or tiles for a map's ground are named."
    )


def _model_version(brief: Brief) -> Iterator[Block]:
    used = ", ".join(f"{part} {_version(part)}" for part in PARTS_USED)
    yield Words(f"{NAME} {_version(NAME)}, Python {platform.python_version().rpartition('.')[0]}; {used}.")


def _output(brief: Brief) -> Iterator[Block]:
    yield Words(f"A plan: which heads are in which partnership. This plan's digest is {brief.account.plan.digest}.")


def _performance(brief: Brief) -> Iterator[Block]:
    account, run = brief.account, brief.account.run
    yield Words(account.sureness())
    if run is None:
        yield Words("These groups were judged as they are, not found by the program.")
    else:
        yield Words(f"Found by {run.solver}; stopped by {run.stopped_by}; seed {run.limits.seed}.")
    yield Words("Criteria, and how each is met:")
    yield Points(tuple(f"{met.words}: {met.how}" for met in criteria_met(account)))


def _sources(brief: Brief) -> Iterator[Block]:
    named = (f"{name}{f', SHA-256 {sha256}' if sha256 else ''}" for name, sha256 in brief.sources)
    yield Points(tuple(named) or ("none",))
    yield Words(f"Drives: {brief.account.area.travel.words}.")
    yield from authored(brief, "data_day", "The data is of: ")


def _processing(brief: Brief) -> Iterator[Block]:
    yield Words("Every fault in the data is told before anything is computed; corrections are shown as such.")
    if brief.corrected:
        yield Words("Numbers on roll that were corrected:")
        yield Points(tuple(f"{name}: {was} in the file, {now} as corrected" for name, was, now in brief.corrected))
    if told := brief.background.told:
        yield Words("What was noticed about the data:")
        yield Points(tuple(told))


def _access(brief: Brief) -> Iterator[Block]:
    kept = " and the project file of its page, which only its owner may read" if brief.is_served else ""
    yield Words(f"Files on the council's own computers{kept}.")


def _risks(brief: Brief) -> Iterator[Block]:
    yield grid("Risks, and what is done about them", ("Risk", "What is done"), RISKS, (4, 7))


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "(version not known)"


SEE_THIRD_PARTIES = _said("See 2.1.4.")
ANSWERS: dict[str, Answer] = {
    "0.1": _title,
    "0.2": _author("council"),
    "0.3": _author("phase"),
    "0.4": _author("region"),
    "0.5": _said("Proposes partnerships of small schools that their heads can drive to, for people to decide on."),
    "1.1": _name,
    "1.2": _said(
        "Proposes partnerships of small schools that their heads can drive to, by criteria that people set, says how "
        "far from the best possible the plan is, and draws it on a map. Officers use it to prepare options; it decides "
        "nothing."
    ),
    "1.3": _author("website"),
    "1.4": _author("contact"),
    "2.1.1": _author("council"),
    "2.1.2": _author("team"),
    "2.1.3": _author("author"),
    "2.1.4": _author("third_parties"),
    "2.1.4.1": SEE_THIRD_PARTIES,
    "2.1.4.2": SEE_THIRD_PARTIES,
    "2.1.4.3": SEE_THIRD_PARTIES,
    "2.1.4.4": SEE_THIRD_PARTIES,
    "2.1.4.5": SEE_THIRD_PARTIES,
    "2.2.1": _description,
    "2.2.2": _said(
        "Every option is costed alike, in heads' minutes a year; how good a plan can be at best is proven rather than "
        "claimed; each school not placed has its reason; anybody with the plan file can check it."
    ),
    "2.2.3": _said("As a rule groups of schools are drawn on maps by hand, and negotiated."),
    "2.2.4": _alternatives,
    "2.3.1": _said(
        "The plan is an option in a report to committee. Schools can be asked, and what they answer changes the next "
        "plan; a partnership comes about only when its schools agree."
    ),
    "2.3.2": _said(
        "People choose criteria and priorities, read the reasons, move schools by hand where they know better (the "
        "program then costs that plan by the same measure), and decide."
    ),
    "2.3.3": _frequency,
    "2.3.4": _said("The program's guide; no special skill is needed to read its papers."),
    "2.3.5": _author("appeals"),
    "2.4.1.1": _architecture,
    "2.4.1.2": _said("School file, drive times, working links and today's groups where given, criteria (TOML)."),
    "2.4.1.3": _said("A plan file (GeoPackage), an offline map, and these papers."),
    "2.4.1.4": _said("Open source, with tests against trying every plan on small cases."),
    "2.4.1.5": _said("One: exact optimisation. No machine learning, no generative model, no training data."),
    "2.4.2.1": _said("Set partitioning by column generation, subset-row cuts and branching."),
    "2.4.2.2": _model_version,
    "2.4.2.3": _said("Fewest small schools unplaced; then least cost in heads' minutes a year."),
    "2.4.2.4": _said("Minutes between heads, numbers on roll, criteria, and prices of what people would rather avoid."),
    "2.4.2.5": _output,
    "2.4.2.6": _said("A linear relaxation priced exactly, integer bounds, and a search that ends in a proof."),
    "2.4.2.7": _performance,
    "2.4.2.8": _said("None for training. What it works on is in 2.4.4."),
    "2.4.3.1": _said(
        "Nothing was trained. The default speed of crow-fly drives was fitted on driving times over OpenStreetMap's "
        "roads of Rutland (2022); with a road file it is not used."
    ),
    "2.4.3.2": _said("A road network."),
    "2.4.3.3": _said("The roads of one county."),
    "2.4.3.4": _said("None."),
    "2.4.3.5": _said("One rural county: where roads are otherwise, use a road file or given drives."),
    "2.4.3.6": _said("None beyond reading the roads that cars may use."),
    "2.4.3.7": _said("By the contributors of OpenStreetMap."),
    "2.4.3.8": _said("Open data (ODbL); not part of the program."),
    "2.4.3.9": _said("None needed."),
    "2.4.4.1": _sources,
    "2.4.4.2": _said(
        "None is read. Columns about head teachers and proprietors are dropped on reading. A small school has one "
        "head, so its number can point to a person: who works with whom, what schools answered and why exceptions were "
        "made are left out of public papers."
    ),
    "2.4.4.3": _processing,
    "2.4.4.4": _access,
    "2.4.4.5": _author("agreements"),
    "2.5.1": _author("assessments"),
    "2.5.2": _risks,
}
