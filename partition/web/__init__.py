"""The page an officer works in: `partnerships serve` (extra `[web]`). Nothing heavy runs in the server itself,
but for the county that settings and hand edits are judged on: read once, when one of them is first opened.

`security` lets in and refuses; `app` puts the parts together; `views` are the pages, over `desk` (the project, its
folder and the scenario worked on) and `work` (what runs in processes of its own, `worker`).
`settings_page` and `hand_page` are pages that answer while people type, over `cases` (counties in memory).
"""
