"""Feedback while a set is running: sources in, guidance, counts and cues out, a report after."""
