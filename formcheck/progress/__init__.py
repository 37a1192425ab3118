"""Sets over time: what has changed for sure, when to train again, and the next step.

Sets in, sentences out: no database, no clock and no page.
"""
