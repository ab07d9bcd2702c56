"""How do plans differ?"""
