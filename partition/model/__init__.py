"""Data of a decision: an area, the headships that take part, plans, rules, costs, and the problem made of all these."""
