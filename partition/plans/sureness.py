"""How much better another plan could be, in a sentence that planners can read out."""

from __future__ import annotations

from partition.formats.language import ENGLISH, Language
from partition.plans.amounts import amount
from partition.solver.run import Run


def sureness_of(run: Run | None, unit: str, why_none: str, language: Language = ENGLISH) -> str:
    """Return the sentence. `why_none` follows "no partnership is possible", where that is proven; else it is "".

    With `why_none`, which tells reasons, the sentence is English in every language.
    """
    phrase = language.phrase
    if run is None:
        return phrase("These groups were judged as they are; nothing was optimised.")
    if run.plan is None or run.cost is None:
        return phrase("No plan was found.")
    if why_none:
        return f"No partnership is possible under these criteria{why_none}"
    left = {"least": run.fewest_bound or 0, "here": run.unplaced}
    if run.bound is not None and run.status == "optimal":
        if run.fewest_proven:
            return phrase("Proven best: no plan leaves fewer small schools unplaced, and among those none costs less.")
        return phrase(
            "Proven best: any plan leaves at least {least} small schools unplaced (this one {here}), and among those "
            "none costs less.",
            **left,
        )
    if run.fewest_proven:
        few = phrase("No plan leaves fewer small schools unplaced.")
    else:
        few = phrase("Any plan leaves at least {least} small schools unplaced (this one {here}).", **left)
    if run.bound is None:
        more = phrase("How much better another plan could be is not known.")
        return f"{few} {more}"
    if not run.fewest_proven:
        least = amount(run.bound, unit, language)
        costs = phrase("Among plans that place as many, none costs less than {amount} a year.", amount=least)
        return f"{few} {costs}"
    saves = phrase(
        "No arrangement under these criteria saves more than {amount} a year ({share}).",
        amount=amount(run.cost.total - run.bound, unit, language),
        share=language.number(run.gap or 0, ".1%"),
    )
    return f"{few} {saves}"
