"""Comparison: how do plans differ?"""
