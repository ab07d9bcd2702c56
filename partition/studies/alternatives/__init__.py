"""Alternatives: which other plans are nearly as good, and which schools are together in all of them?"""
