"""Figures of a plan: its account, its breaches, its changes, and the reasons why small schools are unplaced."""
