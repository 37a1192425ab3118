"""The studio: people doing Nordic and prone leg curls in a room, filmed, every frame's truth known.

The motion side (`rig`, `motion`, `moves`, `truth`, `catalogue`) says where each bone is at a time
in seconds; the picture side (`body`, `clothes`, `scene`, `camera`, `renderer`, `film`) shows it.
X points where the athlete faces (or, prone, where the head points), Y to the athlete's left, Z up;
metres; the floor is Z = 0.
"""
