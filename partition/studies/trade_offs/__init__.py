"""Trade-offs: what does it cost to move fewer heads, or to break fewer working links?"""
