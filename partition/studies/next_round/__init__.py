"""The next round of talks: what follows once schools have answered?"""
