"""An algorithmic transparency record, filled in from the run: the sections of the UK's recording standard (ATRS)."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from partition.report.brief import Brief
from partition.report.committee import CLOSES_NONE, PLAIN_METHOD
from partition.report.criteria import criteria_met
from partition.report.paper import Blank, Block, Facts, Heading, Paper, Points, Words, count

NAME = "school-partnerships"
PARTS_USED = ("ortools", "numba")


def transparency_record(brief: Brief) -> Paper:
    """Return the record. Entries that only the organisation knows are left blank and marked so."""
    return Paper(
        title=f"Algorithmic transparency record: {brief.background.title}",
        blocks=tuple(_blocks(brief)),
        marks=brief.standing.marks,
        foot=brief.foot,
        is_draft=brief.standing.is_draft,
        numbered=False,
    )


def _blocks(brief: Brief) -> Iterator[Block]:
    yield Words(
        "In the sections of the Algorithmic Transparency Recording Standard. What is here was filled in from the run; "
        "check it against the template in force before it is published."
    )
    for title, section in SECTIONS:
        yield Heading(title)
        yield from section(brief)


def _tier_1(brief: Brief) -> Iterator[Block]:
    contact = brief.settings.contact or "[address of the team]"
    yield Facts(
        (
            ("Name", f"{NAME} {_version(NAME)}"),
            (
                "Description",
                "Proposes partnerships of small schools that their heads can drive to, by criteria that people "
                "set, says how far from the best possible the plan is, and draws it on a map. Officers use it to "
                "prepare options; it decides nothing.",
            ),
            ("Website", "[page about this use]"),
            ("Contact", contact),
        )
    )


def _owner(brief: Brief) -> Iterator[Block]:
    yield Facts(
        (
            ("1.1 Organisation", "[name of the council]"),
            ("1.2 Team", "[name of the team]"),
            ("1.3 Senior responsible owner", brief.settings.author or "[post]"),
            ("1.4 Third parties", "None take part in running it: open-source software on the council's own computers."),
        )
    )


def _rationale(brief: Brief) -> Iterator[Block]:
    yield Words(f"2.1 Detailed description. {PLAIN_METHOD}")
    yield Words(f"How sure this plan is: {brief.account.sureness()}", is_strong=True)
    yield Words(
        "2.2 Scope. It groups schools by head teacher. It does not assess schools, heads or pupils, and must not "
        f"be used to. {CLOSES_NONE}"
    )
    yield Words(
        "2.3 Benefits. Every option is costed alike, in heads' minutes a year; how good a plan can be at best is "
        "proven rather than claimed; each school not placed has its reason; anybody with the plan file can check "
        "it."
    )
    yield Words("2.4 Previous process. Groups were drawn on maps by hand and negotiated.")
    yield Words("2.5 Alternatives considered:")
    yield Points(tuple(f"{option.name}. {option.sureness}" for option in brief.options))


def _process(brief: Brief) -> Iterator[Block]:
    yield Words(
        "3.1 Integration. The plan is an option in a report to committee. Schools are asked; what they answer "
        "changes the next plan; a partnership comes about only when its schools agree."
    )
    yield Words("3.2 Information provided. Report, workbook, maps, and the plan file; marked on every page:")
    yield Points(brief.standing.marks)
    yield Words(
        f"3.3 Frequency and scale. This run: {count(len(brief.account.area), 'school')}, of which "
        f"{count(brief.account.problem.roster.small_schools, 'small school')} to place."
    )
    yield Blank("how often it is run")
    yield Words(
        "3.4 Human decisions and review. People choose criteria and priorities, read the reasons, move schools by hand "
        "where they know better (the program then costs that plan by the same measure), and decide."
    )
    yield Words("3.5 Required training. The program's guide; no special skill is needed to read its papers.")
    yield Blank("3.6 how a school asks for review, and who answers")


def _system(brief: Brief) -> Iterator[Block]:
    run = brief.account.run
    used = ", ".join(f"{part} {_version(part)}" for part in PARTS_USED)
    yield Facts(
        (
            (
                "4.1.1 Architecture",
                "A program for the command line, in Python; it needs no network and keeps no service.",
            ),
            ("4.1.2 Input", "School file, drive times, working links and today's groups where given, criteria (TOML)."),
            ("4.1.3 Output", "A plan file (GeoPackage), an offline map, and these papers."),
            ("4.1.4 Maintenance", "Open source, with tests against trying every plan on small cases."),
            (
                "4.1.5 Models",
                "One: exact optimisation (below). No machine learning, no generative model, no training data.",
            ),
        )
    )
    yield Facts(
        (
            ("4.2.1 Model", "Set partitioning by column generation, subset-row cuts and branching"),
            (
                "4.2.2 Version",
                f"{NAME} {_version(NAME)}, Python {platform.python_version().rpartition('.')[0]}; {used}",
            ),
            ("4.2.3 Task", "Fewest small schools unplaced; then least cost in heads' minutes a year"),
            ("4.2.4 Found by", "judged, not solved" if run is None else run.solver),
            ("4.2.5 Stopped by", "–" if run is None else f"{run.stopped_by}; seed {run.limits.seed}"),
            ("4.2.6 Performance", brief.account.sureness()),
            ("4.2.7 Plan", f"digest {brief.account.plan.digest}"),
        )
    )
    yield Words("Criteria, and how each is met:")
    yield Points(tuple(f"{met.words}: {met.how}" for met in criteria_met(brief.account)))


def _development(brief: Brief) -> Iterator[Block]:
    yield Words(
        "4.3 None: nothing was trained. The default speed of crow-fly drives was fitted on driving times over "
        "OpenStreetMap's roads of Rutland (2022); with a road file it is not used."
    )


def _operational(brief: Brief) -> Iterator[Block]:
    yield Words("4.4.1 Data sources:")
    yield Points(
        tuple(f"{name}{f', SHA-256 {sha256}' if sha256 else ''}" for name, sha256 in brief.sources) or ("none",)
    )
    yield Words(f"Drives: {brief.account.area.travel.words}.")
    yield Words(
        "4.4.2 Sensitive attributes. None is read. Columns about head teachers and proprietors are dropped on "
        "reading. A small school has one head, so its number can point to a person: who works with whom, what "
        "schools answered and why exceptions were made are left out of public papers."
    )
    yield Words(
        "4.4.3 Processing. Every fault in the data is told before anything is computed; corrections are shown as such."
    )
    yield Words("4.4.4 Access and storage. Files on the council's own computers.")
    if brief.background.told:
        yield Words("What was noticed about the data:")
        yield Points(brief.background.told)
    yield Blank("4.4.5 data sharing agreements, where links or answers of schools are held")


def _risks(brief: Brief) -> Iterator[Block]:
    yield Blank("5.1 impact assessments done (equality, data protection), with their dates")
    yield Words("5.2 Risks and what is done about them:")
    yield Points(
        (
            "Modelling is taken for a decision: every page says what it is; partnerships are voluntary.",
            "Wrong data: faults and odd minutes are told; the plan file keeps what it was made from, and can be "
            "checked.",
            "False precision: drives are estimates; how sure the plan is stands beside it.",
            "A head can be recognised: public papers hold no link, no answer and no reason for an exception.",
            "Text in a file does harm: it is shown as text in every paper, and worked out in none.",
        )
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "(version not known)"


SECTIONS = (
    ("Tier 1: overview", _tier_1),
    ("Tier 2, section 1: owner and responsibility", _owner),
    ("Tier 2, section 2: description and rationale", _rationale),
    ("Tier 2, section 3: decision-making process", _process),
    ("Tier 2, section 4: tool and model specification", _system),
    ("Tier 2, section 4.3: development data", _development),
    ("Tier 2, section 4.4: operational data", _operational),
    ("Tier 2, section 5: risks, mitigations and impact assessments", _risks),
)
