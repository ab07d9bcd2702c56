"""A sweep: many scenarios at once, with the settings varied, each one's run, and their results side by side."""
