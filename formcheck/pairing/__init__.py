"""Two sets against each other: their reps in step, and which differences are real.

Nothing here reads a file or draws.
"""
