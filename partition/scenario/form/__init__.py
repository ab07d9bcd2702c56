"""A scenario as a form for people: its settings in their words, and what each does to a county."""
