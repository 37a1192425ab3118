"""The database: whole after a kill, shared by processes, brought up to date, and what is wrong."""

import os
import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import databases
import pytest
import storing
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, func, inspect, select, text
from storing import NOON

from formcheck import history
from formcheck.errors import InputError, MissingPartError, OutputError, UsageError
from formcheck.store import jobs, keeping, place, schema
from formcheck.store.opening import open_store, opened
from formcheck.store.tables import Athlete, Base, Job, Recording, TrainingSet

HERE = Path(__file__).resolve().parent


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """An empty database of either kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'x' / 'formcheck.db'}"
        return
    url = request.getfixturevalue("postgresql")
    yield url
    databases.empty(url)


def start(*what: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(HERE / "storing.py"), *what]
    there = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=there)


def count(store, table) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


# --- crashes and company


def test_killed_in_the_middle_of_a_transaction_nothing_of_it_is_left(url):
    process = start("dies", url)
    assert process.communicate()[0] == "half\n"
    assert process.returncode == -9
    with opened(url) as store:
        assert count(store, Athlete) == 0
        storing.write(store, "next", 1)  # and nothing is locked
        assert count(store, TrainingSet) == storing.SETS


def test_killed_at_any_time_what_was_committed_is_there_and_whole(url):
    said = 0
    for again in range(3):
        process = start("writes", url, f"round {again}", "10000")
        for _ in range(4 + 3 * again):
            process.stdout.readline()
        process.kill()
        said += 4 + 3 * again + len(process.stdout.readlines())
        process.wait()
        process.stdout.close()
    with opened(url) as store:
        recordings = count(store, Recording)
        assert said <= recordings <= said + 3  # one a kill may not have been told any more
        assert count(store, Athlete) == recordings
        assert count(store, TrainingSet) == recordings * storing.SETS
        if url.startswith("sqlite"):
            with store.reading() as session:
                assert session.scalar(text("PRAGMA integrity_check")) == "ok"


def test_two_processes_that_make_the_database_and_write_at_once_lose_nothing(url):
    both = [start("writes", url, who, "12") for who in ("one", "other")]
    assert [p.communicate()[0].split() for p in both] == [[str(n) for n in range(12)]] * 2
    with opened(url) as store:
        assert count(store, Recording) == 24
        assert count(store, TrainingSet) == 24 * storing.SETS


def test_who_finds_an_athlete_just_being_entered_waits(url):
    outcomes = []
    with opened(url) as store, opened(url) as other:
        waits = threading.Thread(
            target=lambda: outcomes.append(keeping.keep(other, "Anna", storing.done(), NOON))
        )
        with store.writing() as session:
            keeping.enter(session, "Anna", NOON)
            waits.start()
            waits.join(0.2)
            assert outcomes == []
        waits.join()
        assert [*outcomes, keeping.keep(store, "ANNA", storing.done(), NOON)] == ["new", "again"]
        assert [count(store, t) for t in (Athlete, Recording, TrainingSet)] == [1, 1, 1]


def test_while_one_writes_others_read_what_was_before(url):
    with opened(url) as store:
        storing.write(store, "a", 1)
        with store.writing() as session:
            session.add(Athlete(key="b", name="b", added_at=NOON))
            session.flush()
            assert count(store, Athlete) == 1
        assert count(store, Athlete) == 2


def test_what_raises_writes_nothing(url):
    with opened(url) as store:
        with pytest.raises(RuntimeError), store.writing() as session:
            session.add(Athlete(key="a", name="a", added_at=NOON))
            raise RuntimeError
        assert count(store, Athlete) == 0


def test_moments_keep_their_instant(url):
    paris = datetime.fromisoformat("2026-03-02T13:00:00+01:00")
    with opened(url) as store:
        with store.writing() as session:
            session.add(Athlete(key="a", name="a", added_at=paris))
        with store.reading() as session:
            kept = session.scalar(select(Athlete.added_at))
    assert kept == paris
    assert kept.tzinfo is UTC


def test_deleting_an_athlete_deletes_everything_of_theirs(url):
    with opened(url) as store:
        storing.write(store, "a", 1)
        storing.write(store, "b", 2)
        with store.writing() as session:
            session.delete(session.scalar(select(Athlete).where(Athlete.key == "a 1")))
        assert [count(store, t) for t in (Athlete, Recording, TrainingSet)] == [1, 1, storing.SETS]


# --- jobs


def queue(store, n=1):
    return [
        jobs.enqueue(store, f"{i}.mp4", f"/x/{i}", {}, NOON + timedelta(seconds=i))
        for i in range(n)
    ]


def test_each_job_is_claimed_by_exactly_one_worker(url):
    with opened(url) as store:
        ids = queue(store, 40)
        workers = [start("claims", url, who) for who in ("one", "other", "third")]
        took = [p.communicate()[0].split() for p in workers]
        assert sorted(i for ids_ in took for i in ids_) == sorted(ids)
        assert {jobs.find(store, i).status for i in ids} == {"done"}


def test_jobs_are_taken_up_in_their_order(url):
    with opened(url) as store:
        ids = queue(store, 3)
        assert [jobs.claim(store, "w", NOON).id for _ in ids] == ids
        assert jobs.claim(store, "w", NOON) is None


def test_a_job_whose_worker_is_gone_is_taken_up_again_and_the_old_one_may_not_end_it(url):
    with opened(url) as store:
        (job,) = queue(store)
        jobs.claim(store, "gone", NOON, lease_s=60)
        later = NOON + timedelta(seconds=61)
        assert jobs.claim(store, "next", NOON + timedelta(seconds=59)) is None
        assert jobs.claim(store, "next", later).attempts == 2
        assert not jobs.renew(store, job, "gone", later)
        assert not jobs.finish(store, job, "gone", later, "there")
        assert jobs.finish(store, job, "next", later, "here")
        assert (jobs.find(store, job).folder, jobs.find(store, job).status) == ("here", "done")


def test_whoever_renews_keeps_the_job(url):
    with opened(url) as store:
        (job,) = queue(store)
        jobs.claim(store, "w", NOON, lease_s=60)
        assert jobs.renew(store, job, "w", NOON + timedelta(seconds=50), progress=0.4)
        assert jobs.claim(store, "next", NOON + timedelta(seconds=100)) is None
        assert jobs.find(store, job).progress == 0.4


def test_a_job_that_ends_its_workers_is_given_up_with_the_reason(url):
    with opened(url) as store:
        (job,) = queue(store)
        for n in range(jobs.ATTEMPTS):
            assert jobs.claim(store, f"{n}", NOON + timedelta(minutes=2 * n)).id == job
        assert jobs.claim(store, "last", NOON + timedelta(hours=1)) is None
        found = jobs.find(store, job)
        assert found.status == "failed"
        assert "3 times" in found.reason


def test_what_is_handed_back_is_free_at_once_and_was_not_tried(url):
    with opened(url) as store:
        (job,) = queue(store)
        jobs.claim(store, "stops", NOON)
        assert jobs.hand_back(store, "stops")
        assert not jobs.hand_back(store, "stops")
        assert (jobs.claim(store, "next", NOON).id, jobs.find(store, job).attempts) == (job, 1)


def test_a_cancelled_job_is_nobodys(url):
    with opened(url) as store:
        waits, runs = queue(store, 2)
        jobs.cancel(store, waits, NOON)
        assert jobs.claim(store, "w", NOON).id == runs
        assert jobs.cancel(store, runs, NOON)
        assert not jobs.renew(store, runs, "w", NOON)
        assert not jobs.fail(store, runs, "w", NOON, "broke")
        assert not jobs.cancel(store, runs, NOON)
        assert jobs.find(store, runs).status == "cancelled"
        assert jobs.find(store, "nothing") is None


# --- older and newer databases


def test_the_newest_version_is_the_last_migration():
    script = ScriptDirectory(str(schema.HERE))
    assert script.get_heads() == [schema.NEWEST]


def test_the_migrations_make_the_tables_that_the_code_expects(url):
    with opened(url) as store, store.reading() as session:
        told = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(session.connection(), opts=told)
        assert compare_metadata(context, Base.metadata) == []


OLD = sorted((HERE / "data" / "databases").glob("*.sql"))


def test_there_is_a_database_of_every_earlier_version():
    script = ScriptDirectory(str(schema.HERE))
    earlier = {r.revision for r in script.walk_revisions()} - {schema.NEWEST}
    assert {file.stem for file in OLD} == earlier


def fill(url: str, old: Path) -> None:
    """Make the older database of a file: SQLite runs all of it, PostgreSQL its rows."""
    dump = old.read_text(encoding="utf-8")
    if url.startswith("sqlite"):
        file = Path(url.removeprefix("sqlite:///"))
        file.parent.mkdir(parents=True)
        made = sqlite3.connect(file)
        made.executescript(dump)
        made.close()
        return
    engine = create_engine(url)
    schema.update(engine, engine, to=old.stem)
    rows = [r for r in dump.splitlines() if r.startswith("INSERT") and "alembic" not in r]
    with engine.begin() as connection:
        for row in rows:
            connection.exec_driver_sql(row)
    engine.dispose()


@pytest.mark.parametrize("old", OLD, ids=lambda p: p.stem)
def test_an_older_database_is_brought_up_to_date_and_loses_nothing(old, url):
    fill(url, old)
    with opened(url) as store:
        with store.reading() as session:
            assert schema.version(session.connection()) == schema.NEWEST
            athlete = session.scalar(select(Athlete))
            (recording,) = athlete.recordings
            assert (athlete.name, athlete.mass_kg) == ("Ané", 62.5)
            assert [s.started_at.minute for s in recording.sets] == [1, 4]
            assert recording.report["exercise"] == "nordic-curl"
            first, second = history.sets_of(recording)
            assert (first.reps, second.rest_s) == (6, 120.0)
            best = first.values["break_point_best"]
            assert (best.value, best.within, best.bound) == (48.0, 2.5, None)
            assert second.values["break_point_best"].bound == "at-most"
            assert first.setup.parts["shank_pitch"].value == 3.0
            context = MigrationContext.configure(session.connection())
            assert compare_metadata(context, Base.metadata) == []
        queue(store)
        assert count(store, Job) == 1


def test_a_migration_that_is_killed_leaves_the_old_database(url):
    fill(url, OLD[0])
    process = start("migrates", url)
    process.communicate()
    assert process.returncode == -9
    engine = create_engine(url)
    with engine.connect() as connection:
        assert schema.version(connection) == OLD[0].stem
        assert not inspect(connection).has_table("job")
    engine.dispose()
    with opened(url) as store:
        assert [count(store, table) for table in (Athlete, Job)] == [1, 0]


def test_a_newer_database_is_refused_and_left_as_it_is(url):
    with opened(url) as store, store.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9001'"))
    with pytest.raises(InputError, match="newer formcheck"):
        open_store(url)
    engine = create_engine(url)
    assert inspect(engine).has_table("job")
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{schema.NEWEST}'"))
    engine.dispose()


# --- where it lies, and what is wrong with it


def test_it_lies_where_one_says(monkeypatch, tmp_path):
    monkeypatch.delenv("FORMCHECK_DATABASE", raising=False)
    monkeypatch.setenv("FORMCHECK_DATA", str(tmp_path / "kept"))
    assert place.address() == f"sqlite:///{(tmp_path / 'kept' / 'formcheck.db').as_posix()}"
    monkeypatch.setenv("FORMCHECK_DATABASE", "postgres://u@h/n")
    assert place.address() == "postgresql+psycopg://u@h/n"
    assert place.address(data=tmp_path) == f"sqlite:///{(tmp_path / 'formcheck.db').as_posix()}"
    assert place.address("sqlite:///a.db") == "sqlite:///a.db"


@pytest.mark.parametrize("wrong", ["mysql://u@h/n", "a.db", "sqlite+x:///a"])
def test_another_database_is_refused_with_what_was_expected(wrong):
    with pytest.raises(UsageError, match=r"expected sqlite:///PATH or postgresql"):
        place.address(wrong)


def test_a_file_that_is_none_is_named(tmp_path):
    file = tmp_path / "formcheck.db"
    file.write_bytes(b"not a database at all" * 99)
    with pytest.raises(InputError, match=r"formcheck\.db: the database cannot be used .* aside"):
        open_store(f"sqlite:///{file}")


def test_a_folder_that_cannot_be_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="no place for the database"):
        open_store(f"sqlite:///{tmp_path / 'file' / 'x' / 'a.db'}")


def test_a_server_that_is_not_there_is_told_without_the_password():
    with pytest.raises(MissingPartError, match="Start its server") as told:
        open_store("postgresql://u:secret@127.0.0.1:9/n")
    assert "secret" not in str(told.value)


@pytest.mark.skipif(os.name != "posix", reason="rights as POSIX has them")
def test_folder_and_file_are_their_users_alone(tmp_path):
    with opened(data=tmp_path / "own") as store:
        assert (tmp_path / "own").stat().st_mode & 0o077 == 0
        queue(store)
        files = list((tmp_path / "own").iterdir())
        assert len(files) == 3  # with SQLite's logs
        assert [f.stat().st_mode & 0o077 for f in files] == [0, 0, 0]


@pytest.mark.skipif(os.name != "posix", reason="rights as POSIX has them")
def test_the_file_is_its_users_alone_in_a_folder_that_is_not(tmp_path):
    tmp_path.chmod(0o755)
    with opened(data=tmp_path):
        assert (tmp_path / "formcheck.db").stat().st_mode & 0o077 == 0
