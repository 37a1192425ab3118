"""Draws on frames of a recorded clip what the report says of them. It decides nothing."""
