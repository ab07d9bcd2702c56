"""What is said of every plan, in the report and in the transparency record alike."""

from __future__ import annotations

CLOSES_NONE = (
    "Partnerships are voluntary. No school is closed, merged or moved by this report, and none is proposed for "
    "closure: every school keeps its own name, governing body, budget and place."
)
PLAIN_METHOD = (
    "A computer program listed, in effect, every partnership that the criteria allow, and chose those that first place "
    "as many small schools as can be placed, and then take the least of head teachers' time. It does not judge "
    "schools, heads or pupils: it knows where schools are, how many pupils they have, how long the drives between "
    "them are, and what else is listed here as data. The same data and criteria give the same plan on any computer."
)
RISKS = (
    ("Modelling is taken for a decision", "Every page says what it is; partnerships are voluntary."),
    (
        "The data is wrong, or out of date",
        "Faults and odd minutes are told before anything is computed; corrections are shown; the plan file keeps what "
        "it was made from, and can be checked.",
    ),
    ("Figures look more exact than they are", "Drives are estimates; how sure the plan is stands beside it."),
    ("A head can be recognised", "Public papers hold no link, no answer and no reason for an exception."),
    ("Text in a file does harm", "It is shown as text in every paper, and worked out in none."),
)
