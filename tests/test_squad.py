"""The squad: its page and tables hold every clip, in one order, and no name breaks them."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import re
from html.parser import HTMLParser
from urllib.parse import unquote_to_bytes

import numpy as np
import pytest
from squads import EXERCISE, ODD, number, record, said, squad, summary
from test_pages import finding, measured, rep, report

from formcheck import files
from formcheck.batch import ledger
from formcheck.batch.records import by_name
from formcheck.errors import OutputError
from formcheck.overlay import still
from formcheck.pages import squad as page
from formcheck.pages import squad_figures
from formcheck.report import SetReport
from formcheck.summary import most, summarised


class Reader(HTMLParser):
    """The rows of the table: their words, and where they lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self._in = False
        self.feed(text)

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append(tag)
        self._in = (self._in or tag == "tbody") and tag != "footer"
        if tag == "tr" and self._in:
            self.rows.append("")
        if self._in:
            self.links += [v for k, v in attrs if k in ("href", "src") and not v.startswith("#")]

    def handle_endtag(self, tag) -> None:
        self._in = self._in and tag != "tbody"

    def handle_data(self, data) -> None:
        if self._in and self.rows:
            self.rows[-1] += data


def rendered(records) -> str:
    return page.render(ledger.clips(by_name(records)))


def row_of(name: str, records=None) -> str:
    """The words of the row of a clip."""
    rows = [" ".join(row.split()) for row in Reader(rendered(records or squad())).rows]
    return next(row for row in rows if row.startswith(name))


# the summary


def test_a_summary_names_the_fault_to_change_first_with_all_its_reps():
    of_set = SetReport(reps=3, findings=(finding("fatigue", "warning"),), best_rep=2)
    reps = [
        rep(1, finding("falls-too-fast")),
        rep(2, finding("hips-pike", "warning")),
        rep(3, finding("falls-too-fast")),
    ]
    found = summarised(report(*reps, set_=of_set), EXERCISE)
    assert (found.main.check, found.main.reps) == ("falls-too-fast", (1, 3))
    assert found.main.label == "falling too fast"
    assert [(f.check, f.rep) for f in found.findings][-1] == ("fatigue", None)
    assert (found.reps, found.best_rep) == (3, 2)


def test_notes_alone_are_nothing_to_change():
    found = summarised(report(rep(1, finding("hips-pike", "note"))), EXERCISE)
    assert found.main is None and len(found.findings) == 1


def test_what_sets_are_compared_by_comes_from_the_set_or_is_the_most_of_a_rep():
    held = [measured(2.0, "s", 0.2), measured(3.5, "s", 0.3), measured(2.9, "s", 0.1)]
    reps = [rep(i, measures={"controlled_duration": m}) for i, m in enumerate(held, 1)]
    best = {"break_point_best": measured(48.0, spread=9.0, bound="at-most")}
    found = summarised(report(*reps, set_=SetReport(reps=3, measures=best)), EXERCISE)
    assert [(n.measure, n.value, n.bound) for n in found.numbers] == [
        ("break_point_best", 48.0, "at-most"),
        ("controlled_duration", 3.5, None),
    ]


def test_the_most_is_at_least_that_where_a_bound_may_be_more():
    def of(*every):
        return most([rep(i, measures={"x": m}) for i, m in enumerate(every, 1)], "x")

    assert of(measured(2.0, bound="at-least"), measured(3.0)).bound == "at-least"
    assert of(measured(4.0, bound="at-most"), measured(3.0)).value == 3.0
    assert of(measured(4.0, bound="at-most"), measured(3.0)).bound == "at-least"
    assert of(measured(2.0, bound="at-most"), measured(3.0)).bound is None
    assert of(measured(None)).reason and of() is None


# the tables


def test_the_same_records_give_the_same_bytes_in_any_order(tmp_path):
    records = squad()
    for name, seed in (("a", 1), ("b", 2)):
        random.Random(seed).shuffle(records)
        slower = [r.model_copy(update={"seconds": float(seed)}) for r in records]
        ledger.write(slower, tmp_path / name)
    for name in (ledger.JSON, ledger.CSV, ledger.PAGE):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert sorted(p.name for p in (tmp_path / "a").iterdir()) == sorted(
        [ledger.JSON, ledger.CSV, ledger.PAGE]
    )


def test_batch_json_is_as_agreed():
    told = json.loads(ledger.json_text(by_name(squad())), parse_constant=pytest.fail)
    assert told["schema"] == "formcheck.batch/1"
    clips = {clip["name"]: clip for clip in told["clips"]}
    assert list(clips) == sorted(clips)
    assert all(
        {"name", "status", "reason", "reps", "findings", "folder"} <= {*c} for c in told["clips"]
    )
    zoe = clips["zoe.mp4"]
    assert (zoe["status"], zoe["reps"], zoe["folder"]) == ("ok", 3, "zoe")
    assert zoe["findings"][0] == {"check": "falls-too-fast", "severity": "fault", "rep": 1}
    again = clips["zoe again.mp4"]
    assert (again["reps"], again["findings"], again["folder"]) == (3, zoe["findings"], "zoe")
    assert (clips["notes.mp4"]["reps"], clips["notes.mp4"]["findings"]) == (None, [])
    assert json.loads(ledger.json_text([])) == {"schema": "formcheck.batch/1", "clips": []}


def table(records) -> dict[str, dict[str, str]]:
    return {row["name"]: row for row in csv.DictReader(io.StringIO(ledger.csv_text(records)))}


def test_batch_csv_has_a_line_a_clip_and_the_same_columns_whatever_they_are():
    rows = table(by_name(squad()))
    assert list(rows) == sorted(rows)
    assert rows["anna.mp4"].keys() == table([record("x.mp4", reason="y")])["x.mp4"].keys()
    dan, ben = rows["dan.mp4"], rows["ben.mp4"]
    assert [dan[f"break_point_best{x}"] for x in ("", "_unit", "_uncertainty", "_bound")] == [
        "9.0", "deg", "12.0", "at-most"
    ]  # fmt: skip
    assert (ben["main_fault"], ben["faults"], ben["reps"]) == ("folding at the hips", "2", "3")
    assert rows["zoe again.mp4"]["main_fault"] == "falling too fast"
    assert rows["cleo.mp4"]["break_point_best"] == ""
    assert rows["cleo.mp4"]["break_point_best_reason"].startswith("Filmed from the front")
    assert rows["notes.mp4"]["reason"] == "notes.mp4 is no film. Give a film."


@pytest.mark.parametrize("name", ODD)
def test_odd_names_come_through_the_tables(name):
    rows = list(csv.reader(io.StringIO(ledger.csv_text([record(name, summary())]))))
    assert len(rows) == 2 and rows[1][0].removeprefix("'") == name
    assert not rows[1][0].startswith(files.FORMULA)
    [clip] = json.loads(ledger.json_text([record(name, summary())]))["clips"]
    assert clip["name"] == name


def test_a_folder_that_is_no_utf_8_comes_through():
    folder = os.fsdecode(b"caf\xe9 1")
    odd = record("caf\ufffd 1.mp4", summary(), folder=folder)
    text = ledger.json_text([odd])
    assert json.loads(text.encode())["clips"][0]["folder"] == folder
    assert "caf\ufffd 1" in ledger.csv_text([odd]).encode().decode()
    assert "caf%E9%201/report.html" in rendered([odd])


def test_where_nothing_can_be_written_it_is_said_and_the_old_tables_stay(tmp_path, monkeypatch):
    ledger.write(squad(), tmp_path)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="Free some space"):
        ledger.write(squad()[:3], tmp_path)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


# the page


def test_every_clip_has_its_row_with_its_reps_its_number_and_its_fault():
    assert len(Reader(rendered(squad())).rows) == len(squad())
    zoe = row_of("zoe.mp4")
    assert "To improve" in zoe and "71° ± 10°" in zoe
    assert "Falling too fast (rep 1)" in zoe and "Mend falls-too-fast." in zoe
    assert "Signs of fatigue (the whole set)" in zoe
    assert "Nothing wrong in what could be judged" in row_of("anna.mp4")
    assert "Not assessed: the knees sliding" in row_of("anna.mp4")


def test_a_bound_a_refusal_and_a_failure_each_say_what_they_are():
    assert "at most 9° ± 12°" in row_of("dan.mp4")
    assert "controlled all the way" in row_of("dan.mp4")
    cleo = row_of("cleo.mp4")
    assert "not assessed Filmed from the front, angles cannot be told." in cleo
    assert "could not be judged" in cleo
    assert "It did nothing for 120 s. Cut it shorter." in row_of("hang.mov")
    assert "notes.mp4 is no film." in row_of("notes.mp4")


def test_what_is_to_be_taken_with_care_has_its_sign():
    doubtful = summary(numbers=(number(50.0, uncertainty=9.0, reason="The legs were covered."),))
    assert "≈ 50°" in row_of("x.mp4", [record("x.mp4", doubtful)])


def test_the_squad_in_a_sentence():
    text = rendered(squad())
    assert "<h1" in text and "5 clips" not in text
    assert page.headline(page_rows()) == "8 clips: 2 good, 2 to improve and 1 not assessed."
    assert page.rest(page_rows()) == (
        "Without a report of their own: 1 that cannot be read, 1 that failed and 1 with the same "
        "content as another."
    )
    lead, advice = page.often([r.summary for r in squad() if r.summary is not None])
    assert lead == "Most often to change first: falling too fast, in 1 set"
    assert advice == "Mend falls-too-fast."


def page_rows():
    return [page._row(clip, (), False) for clip in ledger.clips(by_name(squad()))]


def test_no_clip_and_none_that_could_be_checked_are_said():
    assert "There is no clip here yet." in rendered([])
    assert "<table" not in rendered([])
    bad = [record(f"{i}.mp4", reason="No film.") for i in range(3)]
    text = rendered(bad)
    assert "3 clips, and none could be checked." in text
    assert "The squad at a glance" not in text and text.count("No film.") == 3


@pytest.mark.parametrize("name", ODD)
def test_no_name_breaks_the_page_or_its_links(name):
    one = record(name, summary(), thumbnail="thumbnail.jpg")
    found = Reader(rendered([one]))
    assert len(found.rows) == 1
    links = [unquote_to_bytes(link) for link in found.links]
    folder = os.fsencode(one.folder)
    assert links == [folder + b"/report.html", folder + b"/thumbnail.jpg", folder + b"/report.html"]
    assert all(re.fullmatch(r"[A-Za-z0-9_.~/%-]+", link) for link in found.links)
    assert found.tags.count("script") == 1 and "onerror" not in found.tags
    shown = page.readable(name)
    assert shown in found.rows[0]
    assert not {"\n", "\u202e"} & {*shown}


def test_the_page_stands_alone():
    text = rendered(squad())
    assert not re.search(r'(?:src|href)="(?:https?:|//)', text)
    assert re.search(r"url\((?!#)", text) is None
    assert "@import" not in text
    assert 'loading="lazy"' in text


def test_two_exercises_share_a_page_each_number_with_its_name():
    lying = summary(
        exercise="bench-leg-curl",
        title="prone leg curl",
        numbers=(number(110.0).model_copy(update={"measure": "rom", "label": "Range"}),),
    )
    records = [*squad(), record("mia.mp4", lying)]
    assert "Best break point / Range" in rendered(records)
    mia = row_of("mia.mp4", records)
    assert "Prone leg curl" in mia and "110°" in mia and "Range" in mia


def test_the_drawings_show_how_the_squad_is_spread():
    values = [r.summary for r in squad() if r.summary is not None]
    first, second = squad_figures.figures(values)
    assert first.title == "Best break point" and first.bounded == "at most that"
    assert first.described == (
        "4 sets, from 9° to 71°; the one in the middle has 44°, half of them 9° to 58°."
    )
    assert second.bounded == "at least that"
    assert "<svg" in first.svg and "var(--knee)" in first.svg
    assert squad_figures.figures(values[:1]) == []


def test_a_check_of_one_name_that_two_exercises_call_differently_stays_two():
    back = said("does-not-return")
    other = back.model_copy(update={"label": "not showing the way back down"})
    records = [
        record("a.mp4", summary(back)),
        record("b.mp4", summary(other, exercise="x", title="lying one")),
    ]
    found = [r.summary for r in records]
    labels = {"Not coming all the way back", "Not showing the way back down"}
    assert {f.label for f in squad_figures.faults(found)} == labels
    rows = [page._row(clip, (), True) for clip in ledger.clips(records)]
    assert {chip.label for chip in page.fault_chips(rows)} == labels


@pytest.mark.parametrize("unit", ["deg", "s", "1", "N·m"])
@pytest.mark.parametrize("spread", [0.0, 0.3, 7.0, 100.0, 9000.0])
def test_bars_hold_every_value_and_stay_few(unit, spread):
    values = np.array([3.0, 3.0 + spread / 3, 3.0 + spread])
    edges = squad_figures._edges(values, unit)
    assert 2 <= len(edges) <= squad_figures.MOST_BARS + 1
    assert np.histogram(values, edges)[0].sum() == 3


def test_faults_are_counted_by_sets_the_worst_of_each():
    sets = [summary(said("hips-pike"), said("hips-pike", "warning", 2)),
            summary(said("hips-pike", "warning"), said("fatigue", "warning", None)),
            summary(said("knees-slide", "note"))]  # fmt: skip
    told = [(f.label, f.told, f.share) for f in squad_figures.faults(sets)]
    assert told == [
        ("Folding at the hips", "1 fault, 1 warning", (50.0, 50.0)),
        ("Signs of fatigue", "1 warning", (0.0, 50.0)),
    ]


# the picture in a row


def test_a_thumbnail_is_small_even_of_noise():
    rgb = np.random.default_rng(3).integers(0, 255, (720, 1280, 3), np.uint8)
    cut = still._around(np.array([[300.0, 200.0], [900.0, 600.0]]), (1280, 720), still.SMALL)
    picture = cut.of(rgb)
    assert picture.shape == (180, 240, 3)
    assert len(still._jpeg(picture, still.SMALLEST)) <= still.SMALLEST
