"""The bare loop: decode a frame, call MediaPipe, throw the result away.

python bare.py CLIP MODEL
"""

import sys

import av
import mediapipe
from mediapipe.tasks.python import BaseOptions, vision

options = vision.PoseLandmarkerOptions(
    base_options=BaseOptions(model_asset_path=sys.argv[2]),
    running_mode=vision.RunningMode.VIDEO,
)
with av.open(sys.argv[1]) as film, vision.PoseLandmarker.create_from_options(options) as model:
    for frame in film.decode(video=0):
        image = mediapipe.Image(mediapipe.ImageFormat.SRGB, frame.to_ndarray(format="rgb24"))
        model.detect_for_video(image, round(frame.time * 1000))
