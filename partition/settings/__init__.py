"""Every setting of the scenario file: its type, its default, its words and its unit."""
