"""The page an officer works in: `partnerships serve` (extra `[web]`). Nothing heavy runs in the server itself.

`security` lets in and refuses; `app` puts the parts together; `views` are the pages, over `desk` (the project, its
folder and the scenario worked on) and `work` (what runs in processes of its own, `worker`).
"""
