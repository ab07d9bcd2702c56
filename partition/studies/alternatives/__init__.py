"""Which other plans are nearly as good, and what do all of them share?"""
