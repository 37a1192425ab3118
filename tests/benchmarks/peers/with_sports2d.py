"""Sports2D 0.3.4 with BlazePose: its own two steps, in an environment of its own.

python -m venv V && V/bin/pip install sports2d==0.3.4 && V/bin/python with_sports2d.py CLIP FOLDER
"""

import shutil
import sys
from pathlib import Path

import Sports2D.Sports2D
import toml

clip, out = Path(sys.argv[1]), Path(sys.argv[2])
out.mkdir(parents=True, exist_ok=True)
shutil.copy(clip, out / "clip.mp4")
config = toml.load(Path(Sports2D.__file__).parent / "Demo" / "Config_demo.toml")
config["project"] = {"video_dir": str(out), "video_files": "clip.mp4", "result_dir": str(out)}
# 1 is "full", as formcheck's: the only one in mediapipe's wheel, 2 would be downloaded. A picture
# file for every frame, which it writes unless told, is left out.
config["pose"]["BLAZEPOSE"]["model_complexity"] = 1
config["compute_angles_advanced"]["show_angles_on_img"] = False
(out / "config.toml").write_text(toml.dumps(config), encoding="utf-8")
Sports2D.Sports2D.detect_pose(str(out / "config.toml"))
Sports2D.Sports2D.compute_angles(str(out / "config.toml"))
