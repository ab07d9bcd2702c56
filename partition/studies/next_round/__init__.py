"""What follows once schools have answered?"""
