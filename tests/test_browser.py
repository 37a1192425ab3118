"""The annotated video: what the clip was, and what a browser plays."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import av
import numpy as np
import pytest

from formcheck.analysis import Analysis, Options, analyze
from formcheck.drawing import CARD_S, FREEZE_S, STEP_S
from formcheck.results import write

pytestmark = [pytest.mark.model]
SAMPLE = Path(__file__).resolve().parent.parent / "sample_videos" / "fault_hips_pike.mp4"
PLAYS = """async () => {
  const video = document.querySelector("video");
  video.muted = true;
  if (video.readyState < 1) await new Promise(done => video.onloadedmetadata = done);
  await video.play();
  while (video.currentTime <= 0.5 && !video.error)
    await new Promise(done => setTimeout(done, 20));
  return {at: video.currentTime, duration: video.duration, width: video.videoWidth,
          error: video.error && video.error.message};
}"""

ENDS = """async () => {
  const video = document.querySelector("video");
  video.muted = true;
  if (video.readyState < 1) await new Promise(done => video.onloadedmetadata = done);
  video.currentTime = video.duration - 5;
  await new Promise(done => video.onseeked = done);
  video.playbackRate = 4;
  const seen = new Promise(done => video.onended = done);
  await video.play();
  await seen;
  return {at: video.currentTime, duration: video.duration, ended: video.ended,
          error: video.error && video.error.message};
}"""


@pytest.fixture(scope="module")
def with_sound(tmp_path_factory) -> Path:
    """The first seconds of the sample, with a tone under them."""
    path = tmp_path_factory.mktemp("clip") / "tone.mp4"
    with av.open(SAMPLE) as source, av.open(path, "w") as out:
        picture = out.add_stream_from_template(source.streams.video[0])
        sound = out.add_stream("aac", rate=48_000, layout="mono")
        for packet in source.demux(video=0):
            if packet.dts is not None and packet.pts * packet.time_base < 6:
                packet.stream = picture
                out.mux(packet)
        for k in range(6 * 48):
            tone = np.sin(np.arange(k * 1000, (k + 1) * 1000) * 0.05, dtype=np.float32)[None]
            frame = av.AudioFrame.from_ndarray(tone * 0.1, format="fltp", layout="mono")
            frame.rate, frame.pts = 48_000, k * 1000
            out.mux(sound.encode(frame))
        out.mux(sound.encode(None))
    return path


@pytest.fixture(scope="module")
def analysis(with_sound, model) -> Analysis:
    return analyze(with_sound, Options(), lambda stage, share: None)


@pytest.fixture(scope="module")
def result(analysis, tmp_path_factory) -> Path:
    """The whole result of that clip, its video as long as the clip."""
    folder = tmp_path_factory.mktemp("out") / "tone"
    return write(analysis, folder, lambda stage, share: None, freeze=False)


@pytest.fixture(scope="module")
def frozen(analysis, tmp_path_factory) -> Path:
    """The same with a fault made of what was found, so that the film stands still, and the card."""
    worse = [
        r.model_copy(
            update={
                "findings": tuple(f.model_copy(update={"severity": "fault"}) for f in r.findings)
            }
        )
        for r in analysis.report.reps
    ]
    report = analysis.report.model_copy(update={"reps": tuple(worse)})
    folder = tmp_path_factory.mktemp("out") / "frozen"
    return write(dataclasses.replace(analysis, report=report), folder, lambda stage, share: None)


def times(path: Path, kind: str) -> list[float]:
    with av.open(path) as film:
        (stream,) = getattr(film.streams, kind)
        return sorted(float(p.pts * p.time_base) for p in film.demux(stream) if p.pts is not None)


def test_frames_timestamps_and_sound_are_the_clips(with_sound, result):
    annotated = result / "annotated.mp4"
    np.testing.assert_allclose(times(annotated, "video"), times(with_sound, "video"), atol=1e-4)
    np.testing.assert_allclose(times(annotated, "audio"), times(with_sound, "audio"), atol=1e-4)
    with av.open(annotated) as film:
        codec = film.streams.video[0].codec_context
        assert (codec.name, codec.pix_fmt) == ("h264", "yuv420p")
        assert (codec.width, codec.height) == (640, 360)


def test_the_video_is_drawn_on(with_sound, result):
    """Something was drawn, and the picture is still the clip's."""
    with av.open(with_sound) as before, av.open(result / "annotated.mp4") as after:
        plain = next(before.decode(video=0)).to_ndarray(format="rgb24").astype(int)
        drawn = next(after.decode(video=0)).to_ndarray(format="rgb24").astype(int)
    changed = (np.abs(plain - drawn).max(axis=2) > 40).mean()
    assert 0.005 < changed < 0.30


@pytest.mark.browser
def test_a_browser_plays_the_video_of_the_report(result, browser):
    with browser.new_page() as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto((result / "report.html").as_uri())
        seen = page.evaluate(PLAYS)
    assert seen["error"] is None
    assert seen["at"] > 0.5
    assert seen["width"] == 640
    assert seen["duration"] == pytest.approx(6.0, abs=0.2)
    assert {url.split("/")[0] for url in asked} == {"file:"}


@pytest.mark.browser
def test_a_browser_plays_the_frozen_video_to_its_card(frozen, browser):
    steps = np.diff(times(frozen / "annotated.mp4", "video"))
    with browser.new_page() as page:
        page.goto((frozen / "report.html").as_uri())
        seen = page.evaluate(ENDS)
    assert steps.max() < 1.1 * STEP_S
    assert seen["error"] is None and seen["ended"]
    holds = round((seen["duration"] - 6.0 - CARD_S) / FREEZE_S)
    assert holds >= 1
    assert seen["duration"] == pytest.approx(6.0 + CARD_S + holds * FREEZE_S, abs=0.2)
    assert seen["at"] == pytest.approx(seen["duration"], abs=0.1)
