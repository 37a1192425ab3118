"""What a person sees: wide and narrow, in colour and plain, in any encoding; paths stay whole."""

from __future__ import annotations

import io
import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from athlete import Curl, perform

from formcheck import terminal
from formcheck.analysis import Analysis, Options, analyze
from formcheck.doctor import Part, Place
from formcheck.errors import OutputError
from formcheck.measures.measure import Measured

LONG = Path("/home/somebody/with a/rather long/way/to/the/results/of the set/on monday")


@pytest.fixture(scope="module")
def analysis(tmp_path_factory) -> Analysis:
    """Two reps by construction, of which the second folds at the hips."""
    path = tmp_path_factory.mktemp("clip") / "set.npz"
    perform(Curl(), Curl(fold=40)).film().save(path)
    return analyze(path, Options(), lambda *_: None)


class Tty(io.TextIOWrapper):
    """A terminal of one's own, with an encoding."""

    def __init__(self, encoding: str = "utf-8") -> None:
        super().__init__(io.BytesIO(), encoding, "backslashreplace", write_through=True)

    def isatty(self) -> bool:
        return True

    def said(self) -> str:
        return self.buffer.getvalue().decode(self.encoding)


@pytest.fixture
def tty(monkeypatch):
    """Turns stderr and stdout into a terminal of that width; returns it."""

    def make(columns: int = 80, encoding: str = "utf-8", **env: str) -> Tty:
        for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
            monkeypatch.delenv(name, raising=False)
        for name, value in {"TERM": "xterm", "COLUMNS": str(columns), **env}.items():
            monkeypatch.setenv(name, value)
        made = Tty(encoding)
        monkeypatch.setattr(sys, "stderr", made)
        monkeypatch.setattr(sys, "stdout", made)
        return made

    return make


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", text)


def break_point(analysis, spelled: str) -> str:
    """The first rep's, with its error bar."""
    one = analysis.report.reps[0].measures["break_point_angle"]
    return spelled.format(one.value, one.uncertainty)


@pytest.mark.parametrize("columns", [40, 60, 80, 120, 200])
def test_everything_is_said_at_every_width(analysis, tty, columns):
    out = tty(columns)
    terminal.summarise(analysis, LONG, video=True)
    lines = plain(out.said()).splitlines()
    text = " ".join(" ".join(lines).split())
    degrees = break_point(analysis, "{:.0f}° ± {:.0f}°")
    for words in ("2 Nordic curls", "Break point", degrees, "fault:", "Best: rep 1", "Next: "):
        assert words in text
    assert f"Report: {LONG}/report.html" in lines  # in one line, whatever the width
    assert f"Video:  {LONG}/annotated.mp4" in lines
    assert max(len(line) for line in lines if str(LONG) not in line) <= columns


def test_the_torque_is_said_where_it_was_estimated(analysis, tty):
    def said(*values):
        asked = [{"status": "refused", "reason": "No."} if v is None
                 else {"status": "ok", "uncertainty": 40.0} for v in values]  # fmt: skip
        told = [Measured(value=v, unit="N·m", source="-", **how)
                for v, how in zip(values, asked, strict=True)]  # fmt: skip
        reps = tuple(
            rep.model_copy(
                update={"measures": rep.measures | {"estimated_knee_flexor_torque": measured}}
            )
            for rep, measured in zip(analysis.report.reps, told, strict=True)
        )
        out = tty(120)
        report = analysis.report.model_copy(update={"reps": reps})
        terminal.summarise(replace(analysis, report=report), LONG, video=False)
        return plain(out.said())

    assert "Estimated torque: rep 1 209 ± 40 N·m, rep 2 –." in said(209.4, None)
    assert "torque: " not in said(None, None)


def test_what_no_rep_was_assessed_for_is_said_of_every_rep(analysis, tty):
    out = tty(200)
    terminal.summarise(analysis, LONG, video=False)
    open_ = [n for n in analysis.report.not_assessed if n.reps == (1, 2)]
    assert open_
    assert "(every rep)." in plain(out.said())
    assert "(reps 1, 2)" not in plain(out.said())


def test_a_narrow_window_puts_the_reps_one_under_the_other(analysis, tty):
    wide = tty(100)
    terminal.summarise(analysis, LONG, video=False)
    assert "Rep  Kind" in plain(wide.said())
    narrow = tty(40)
    terminal.summarise(analysis, LONG, video=False)
    assert "Rep 2, full\n" in plain(narrow.said())
    assert "annotated.mp4" not in narrow.said()


def test_colour_only_where_it_is_wanted(analysis, tty, monkeypatch, capsys):
    out = tty()
    terminal.summarise(analysis, LONG, video=True)
    assert "\x1b[31m" in out.said()
    out = tty(NO_COLOR="1")
    terminal.summarise(analysis, LONG, video=True)
    assert "\x1b[3" not in out.said().replace("\x1b[0m", "")
    out = tty(TERM="dumb")
    terminal.summarise(analysis, LONG, video=True)
    assert "\x1b[3" not in out.said()
    monkeypatch.undo()
    terminal.summarise(analysis, LONG, video=True)
    assert "\x1b" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("encoding", "spelled"),
    [("utf-8", "{:.0f}° ± {:.0f}°"), ("latin-1", "{:.0f}° ± {:.0f}°"),
     ("ascii", "{:.0f} deg +/- {:.0f} deg"), ("cp437", "{:.0f}° ± {:.0f}°")],
)  # fmt: skip
def test_what_the_encoding_lacks_is_put_into_ascii(analysis, tty, encoding, spelled):
    out = tty(100, encoding)
    terminal.summarise(analysis, Path("ü") / "set", video=True)
    assert break_point(analysis, spelled) in out.said()
    assert ("\\x" in out.said()) == (encoding == "ascii")  # the path, as Python spells it


@pytest.mark.parametrize(
    ("text", "fits"),
    [("✓ 35° ± 8°", "ok 35 deg +/- 8 deg"), ("≤ 3 s – at most", "<= 3 s - at most"), ("é", "é")],
)
def test_symbols_fall_back(text, fits):
    assert terminal.fitting(text, "ascii") == fits
    assert terminal.fitting(text, "utf-8") == text
    assert terminal.fitting(text, "no such encoding") == text


def test_an_error_is_one_line_in_a_pipe_and_wrapped_on_a_terminal(tty, capsys):
    words = f"{LONG}: this is not a film. " + "Copy it again from the phone. " * 3
    terminal.say_error(words)
    assert capsys.readouterr().err == words + "\n"
    out = tty(40)
    terminal.say_error(words, [str(LONG)])
    first, *others = plain(out.said()).splitlines()
    assert first.startswith(f"{LONG}:")
    assert max(map(len, others)) <= 40


@pytest.mark.parametrize("columns", [40, 80])
def test_progress_says_what_is_happening_and_the_time_left(tty, columns):
    out = tty(columns)
    with terminal.Bars("a name that is much too long for a narrow window.mp4") as bars:
        for i in range(20):
            bars.show("Following the athlete", i / 20)
            bars._progress.refresh()
    said = plain(out.said())
    assert "Following the athlete" in said
    assert "95%" in said
    assert " s left" in said
    assert "name that" not in said or columns > 100
    assert all(len(line) <= columns for line in said.replace("\r", "\n").splitlines())


@pytest.mark.parametrize(
    ("left", "words"), [(4.4, "4 s left"), (75, "1 min 15 s left"), (None, "")]
)
def test_time_left_in_words(left, words):
    task = type("Task", (), {"time_remaining": left, "finished": False})
    assert terminal._TimeLeft().render(task).plain == words


def test_without_a_terminal_a_line_a_stage(capsys):
    with terminal.Bars("set.mp4") as bars:
        for share in (0.0, 0.5, 1.0):
            bars.show("Following the athlete", share)
        bars.show("Writing the report", 0.0)
    err = capsys.readouterr().err
    assert err == "set.mp4: Following the athlete\nset.mp4: Writing the report\n"


def test_several_clips_have_headings_and_a_closing_line(tty):
    out = tty(80)
    terminal.heading("a[b].mp4", 1, 2)
    terminal.heading("c.mp4", 2, 2)
    terminal.closing(["good", "could not be read", "good", "not-assessed"])
    said = plain(out.said())
    assert "a[b].mp4 (1 of 2)\n\nc.mp4 (2 of 2)\n" in said
    assert "4 clips: 2 good, 1 could not be read, 1 not assessed." in said


def test_json_is_utf8_whatever_the_locale(monkeypatch):
    out = Tty("ascii")
    monkeypatch.setattr(sys, "stdout", out)
    terminal.say_json('{"name": "Zoë 🏋"}')
    assert json.loads(out.buffer.getvalue().decode("utf-8")) == {"name": "Zoë 🏋"}
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(OutputError, match="stdout"):
        terminal.say_json("{}")


@pytest.mark.parametrize("columns", [40, 80])
def test_the_doctor_speaks_in_words_and_keeps_paths_whole(tty, columns):
    out = tty(columns)
    terminal.say_part(
        Part("pose model", "problem", "not fetched yet", "Run `formcheck models pull`.")
    )
    terminal.say_part(Part("camera", "note", "none"))
    terminal.say_places([Place("results", LONG, "delete the folder")])
    terminal.say_fit(1)
    lines = plain(out.said()).splitlines()
    assert lines[0].split()[:3] == ["x", "pose", "model"]
    assert "! " in plain(out.said())
    assert any(line.endswith(str(LONG)) for line in lines)
    assert "1 thing is missing" in plain(out.said())
