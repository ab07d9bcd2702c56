"""Edits by hand: what does a plan cost, and which rules does it break, when people change it?"""
