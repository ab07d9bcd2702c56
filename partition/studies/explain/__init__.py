"""Why is a school where it is, or not yet placed; what clashes; what would help?"""
