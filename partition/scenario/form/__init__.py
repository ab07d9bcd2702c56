"""A scenario as a form: its settings in people's words, and the effect of each setting on a county."""
