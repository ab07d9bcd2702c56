"""What does a plan cost, and break, when people change it by hand?"""
