"""Files that want more than to be watched; as a program, opened one after the other.

python hostile.py FOLDER    opens all of a folder; prints what was said of each
"""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import clips
from PIL import Image

SECRET = "canary"
"""Part of the name of every file that no trap may lead to."""


def traps(folder: Path, secret: Path, address: str) -> list[Path]:
    """Clips that name another file, or an address, each in its way. secret: a film that a trap
    wants; address: host and port."""
    folder.mkdir(parents=True, exist_ok=True)
    other, web = str(secret), f"http://{address}/a.ts"
    texts = {
        "list.m3u8": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:1,\n{other}\n#EXT-X-ENDLIST\n",
        "list.mp4": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:1,\n{web}\n#EXT-X-ENDLIST\n",
        "list.ts": f"#EXTM3U\n#EXTINF:1,\nfile:{other}\n#EXTINF:1,\nconcat:{other}|{web}\n",
        "script.mp4": f"ffconcat version 1.0\nfile '{other}'\n",
        "script.txt.mov": f"ffconcat version 1.0\nfile {web}\n",
        "session.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nm=video 9 RTP/AVP 96\n",
        "dash.mpd": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" '
        f'type="static"><Period><AdaptationSet mimeType="video/mp4"><Representation id="1" '
        f'bandwidth="1"><BaseURL>{web}</BaseURL></Representation></AdaptationSet></Period></MPD>',
        "picture.svg": f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{web}"/></svg>',
        "words.srt.mkv": f"1\n00:00:00,000 --> 00:00:01,000\n{web}\n",
        "wax.asx": f'<asx version="3.0"><entry><ref href="{web}"/></entry></asx>',
        f"concat:{secret.name}": "x",
        f"subfile,,start,0,end,0,,:{secret.name}": "x",
        "http:a.mp4": "x",
    }  # fmt: skip
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name in ("canary%d.jpg", "canary?.jpg", "canary[0-9].png"):  # a series, by its name
        Image.new("RGB", (64, 48)).save(folder / name)
    _refers(folder / "refers.mov", other)
    found = sorted(folder.iterdir())
    for n in range(3):  # which lies beside
        Image.new("RGB", (64, 48)).save(folder / f"{SECRET}{n}.jpg")
    return found


def _refers(path: Path, other: str) -> None:
    """A film whose pictures lie in another file, as QuickTime allows."""
    data = bytearray(clips.make(path, range(5)).read_bytes())
    name = other.encode()
    entry = struct.pack(">I4sI", 12 + len(name) + 1, b"url ", 0) + name + b"\0"
    at = data.find(b"dref")
    old = int.from_bytes(data[at + 12 : at + 16], "big")
    more = len(entry) - old
    data[at + 12 : at + 12 + old] = entry
    for box in (b"dref", b"dinf", b"minf", b"mdia", b"trak", b"moov"):
        where = data.find(box) - 4
        size = int.from_bytes(data[where : where + 4], "big") + more
        data[where : where + 4] = size.to_bytes(4, "big")
    path.write_bytes(data)


def patched(path: Path, after: bytes, offset: int, new: bytes) -> Path:
    """With other bytes at `offset` behind every place where `after` begins."""
    data, at = bytearray(path.read_bytes()), -1
    while (at := data.find(after, at + 1)) >= 0:
        data[at + offset : at + offset + len(new)] = new
    path.write_bytes(data)
    return path


def huge_header(path: Path) -> Path:
    """A picture of 100,000 x 100,000 that an AVI promises; each has 64 x 48."""
    film = clips.make(path, range(3), codec="rawvideo", pix_fmt="bgr24", size=(64, 48))
    return patched(film, b"strf", 12, struct.pack("<II", 100_000, 100_000))


def bomb(path: Path, side: int = 16_000) -> Path:
    """A PNG of a few bytes that unpacks to `side` x `side`, in a film."""
    film = clips.make(path, range(3), codec="png", pix_fmt="rgb24", size=(64, 48))
    patched(film, b"strf", 12, struct.pack("<II", side, side))
    return patched(film, b"IHDR", 4, struct.pack(">II", side, side))


def main() -> None:
    from formcheck.errors import InputError
    from formcheck.video.reader import VideoFile

    for path in map(Path, sys.argv[1:]):
        try:
            frames = sum(1 for _ in VideoFile(path))
        except InputError as error:
            print(ascii(f"{path.name}\t{error}"))
        else:
            print(ascii(f"{path.name}\topened, {frames}"))


if __name__ == "__main__":
    main()
