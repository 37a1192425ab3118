"""The script that everybody writes: OpenCV reads, MediaPipe looks, a skeleton is drawn, OpenCV
writes its mp4v. No measure, no report, no H.264.

    python opencv.py CLIP MODEL OUT.mp4
"""

import sys

import cv2
import mediapipe
from mediapipe.tasks.python import BaseOptions, vision

options = vision.PoseLandmarkerOptions(
    base_options=BaseOptions(model_asset_path=sys.argv[2]),
    running_mode=vision.RunningMode.VIDEO,
)
film = cv2.VideoCapture(sys.argv[1])
fps = film.get(cv2.CAP_PROP_FPS)
size = int(film.get(cv2.CAP_PROP_FRAME_WIDTH)), int(film.get(cv2.CAP_PROP_FRAME_HEIGHT))
out = cv2.VideoWriter(sys.argv[3], cv2.VideoWriter_fourcc(*"mp4v"), fps, size)
with vision.PoseLandmarker.create_from_options(options) as model:
    n = 0
    while True:
        there, bgr = film.read()
        if not there:
            break
        rgb = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
        image = mediapipe.Image(mediapipe.ImageFormat.SRGB, rgb)
        for body in model.detect_for_video(image, round(1000 * n / fps)).pose_landmarks:
            at = [(round(p.x * size[0]), round(p.y * size[1])) for p in body]
            for edge in vision.PoseLandmarksConnections.POSE_LANDMARKS:
                cv2.line(bgr, at[edge.start], at[edge.end], (255, 255, 255), 2, cv2.LINE_AA)
            for point in at:
                cv2.circle(bgr, point, 4, (208, 224, 64), -1, cv2.LINE_AA)
        out.write(bgr)
        n += 1
out.release()
