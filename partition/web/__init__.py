"""The page an officer works in: `partnerships serve` (extra `[web]`). Nothing heavy runs in the server itself,
but for the county that settings and hand edits are judged on: read once, when one of them is first opened.

`security` lets in and refuses; `app` puts the parts together; `pages` read the desk (the project, its folder and the
scenario in hand: `workspace`; what is under way: `work`) and show templates in a `frame`; `tasks` are what is worked
out, each by a `worker`, a process of its own.
"""
