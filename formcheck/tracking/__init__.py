"""A clip in, the pose track of one athlete out: of the one who does the exercise."""
