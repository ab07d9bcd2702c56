"""`doctor`: what is installed and what is not, and whether it works on this machine."""

from __future__ import annotations

import json

import typer

from partition.cli.options import AsJson
from partition.cli.shared import CRASHED, show

MARKS = {True: "ok", False: "!!", None: "--"}


def doctor(as_json: AsJson = False) -> None:
    """Say what is installed, and try it: plan a tiny town and draw its map. Nothing of yours is read or written."""
    from partition.actions.doctor import examine_machine

    findings = examine_machine()
    well = all(finding.well is not False for finding in findings)
    if as_json:
        show(json.dumps({"well": well, "findings": [finding.as_dict() for finding in findings]}, ensure_ascii=False))
    else:
        width = max(len(finding.what) for finding in findings)
        for finding in findings:
            show(f"{MARKS[finding.well]}  {finding.what:{width}}  {finding.words}")
        show("\nAll is well." if well else "\nWhat is marked !! needs mending.")
    if not well:
        raise typer.Exit(CRASHED)
