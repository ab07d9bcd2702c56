"""A campaign's outcomes in a table, and its failures grouped by where they came from."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from fuzzing.runner import REFUSED, Outcome

FRAME = re.compile(r'File "[^"]*?((?:partition|geodata)/[^"]+)", line (\d+)')
ERROR = re.compile(r"^([A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit|Warning|Signal)\w*)(?::|$)", re.MULTILINE)


def table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield the lines of a Markdown table of all outcomes, and of the counts by input and command."""
    slowest = max(outcomes, key=lambda outcome: outcome.seconds)
    busiest = max(outcomes, key=lambda outcome: outcome.cpu_seconds)
    largest = max(outcomes, key=lambda outcome: outcome.mebibytes)
    codes = Counter(str(outcome.code) for outcome in outcomes)
    refused = [outcome for outcome in outcomes if outcome.code in REFUSED]
    rows = {
        "cases": f"{len(outcomes):,}",
        "exit codes": ", ".join(f"{code}: {count:,}" for code, count in sorted(codes.items())),
        "tracebacks, and other ends of the program's own": sum(outcome.crashed for outcome in outcomes),
        "refused (2 or 3), with files left behind": f"{len(refused):,}, {sum(bool(one.left) for one in refused)}",
        "refused, with what was computed kept and named": sum(bool(one.kept) for one in refused),
        "refused, with inputs changed": sum(bool(outcome.changed) for outcome in outcomes),
        "opened, written or asked outside": sum(bool(outcome.outside) for outcome in outcomes),
        "processor seconds in all": f"{sum(outcome.cpu_seconds for outcome in outcomes):,.0f}",
        "most processor seconds": f"{busiest.cpu_seconds:.1f} ({busiest.case.name})",
        "slowest, seconds by the clock": f"{slowest.seconds:.1f} ({slowest.case.name})",
        "most memory, MiB": f"{largest.mebibytes:.0f} ({largest.case.name})",
    }
    yield from ("| campaign | |", "|---|---|", *(f"| {what} | {seen} |" for what, seen in rows.items()), "")
    by_input: dict[str, Counter[str]] = defaultdict(Counter)
    for outcome in outcomes:
        by_input[outcome.case.input][outcome.case.command] += 1
    yield from ("| input | cases | commands |", "|---|---|---|")
    for name, commands in by_input.items():
        each = ", ".join(f"{command} {count}" for command, count in sorted(commands.items()))
        yield f"| {name} | {sum(commands.values()):,} | {each} |"


def groups(outcomes: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    """Return what failed, by what went wrong and, of a crash, by its error and the last line of ours it passed."""
    found: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        for what in dict.fromkeys(_kind(outcome, wrong) for wrong in outcome.wrong):
            found[what].append(outcome)
    return dict(sorted(found.items()))


def _kind(outcome: Outcome, wrong: str) -> str:
    if not wrong.startswith(("says", "ended")):
        return re.sub(r"\d+|tmp\w{8}", "N", wrong)
    frames, errors = FRAME.findall(outcome.output), ERROR.findall(outcome.output)
    is_hang = "Timeout (" in outcome.output
    frame = frames[0] if is_hang and frames else frames[-1] if frames else ("nowhere", "")
    error = "hangs" if is_hang else errors[-1] if errors else f"ended with {outcome.code}"
    return f"{error} at {':'.join(frame)}"
