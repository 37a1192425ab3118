"""What is measured of a rep, one file a subject."""
