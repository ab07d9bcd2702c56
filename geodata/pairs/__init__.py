"""Tables of minutes for pairs of schools, as routers and geographic systems write them.

Columns are found by their headings (headings), read from any table (reading), taken as minutes and km (amounts) and
held against the straight line (plausible). What a plan could not rest on is a fault, what is doubtful a notice.
"""
