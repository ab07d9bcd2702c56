"""Run one case again and say all about it (`python -m fuzzing 1234`), or a range of them (`python -m fuzzing 0 10000`).

In the project's folder, with PYTHONPATH=.:tests/helpers.

`--good` runs unspoilt cases first; `--found FILE` lists what failed, a seed of each kind.
"""

from __future__ import annotations

import argparse
import os
import pickle
import sys
import tempfile
from pathlib import Path


def main() -> int:
    """Run what is asked for; return 1 if anything in it failed."""
    asked = argparse.ArgumentParser(prog="python -m fuzzing", description=__doc__)
    asked.add_argument("first", type=int)
    asked.add_argument("last", type=int, nargs="?", help="runs to this number, itself not included")
    asked.add_argument("--jobs", type=int, default=2)
    asked.add_argument(
        "--good", choices=("one", "all"), help="before them, unspoilt, one or all commands of each input"
    )
    asked.add_argument("--seconds", type=float, default=60.0, help="after which a child is taken to hang")
    asked.add_argument("--found", type=Path, help="file for what failed")
    asked.add_argument("--outcomes", type=Path, help="file for all outcomes, as tests read them")
    given = asked.parse_args()
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"  # a child of a process with threads would wait for ever
    with tempfile.TemporaryDirectory(prefix="campaign") as folder:
        return _run(given, Path(folder).resolve())


def _run(given: argparse.Namespace, folder: Path) -> int:
    from fuzzing.cases import case, good_cases
    from fuzzing.runner import prepare, run_cases
    from fuzzing.table import groups, table

    good = prepare(folder)
    if given.last is None:
        (outcome,) = run_cases([case(given.first)], good, folder, given.seconds, keep=True)
        print(outcome.case.name, " ".join(outcome.typed)[:2_000], outcome.output, sep="\n\n")
        print(f"exit {outcome.code}, {outcome.seconds:.1f} s, {outcome.mebibytes:.0f} MiB", *outcome.wrong, sep="\n")
        return bool(outcome.wrong)
    cases = [*good_cases(given.good), *map(case, range(given.first, given.last))]
    outcomes = []
    for outcome in run_cases(cases, good, folder, given.seconds, given.jobs):
        outcomes.append(outcome)
        if outcome.wrong:
            print(outcome.case.name, *outcome.wrong[:3], file=sys.stderr, sep=" | ", flush=True)
        if len(outcomes) % 500 == 0:
            print(f"{len(outcomes):,} of {len(cases):,}", file=sys.stderr, flush=True)
    found = groups(outcomes)
    if given.outcomes:
        given.outcomes.write_bytes(pickle.dumps(outcomes))
    if given.found:
        lines = [f"{len(some)} x {what}\n    {some[0].case.name}\n" for what, some in found.items()]
        given.found.write_text("".join(lines), encoding="utf-8", errors="replace")
    print(*table(outcomes), sep="\n")
    print(*(f"{len(some)} x {what} (such as {some[0].case.name})" for what, some in found.items()), sep="\n")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
