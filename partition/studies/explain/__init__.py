"""Explanation: why is a school in its partnership, or not yet placed; which rules clash; which change would help?"""
