"""The kept state: what a directory holds, who may use it, and kills at every kind of point."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from newscast.aws import clients
from newscast.local.database import FILE, VERSION, Database
from newscast.local.problem import StateError
from newscast.local.stack import Stack
from tests.local.conftest import TOY, Opener
from tests.local.test_pollers import words


def test_state_outlives_the_stack(opener: Opener, tmp_path: Path) -> None:
    with opener(data_dir=tmp_path) as stack:
        stack.invoke("cut", {"words": ["one", "bigtwo", "bad", "bad"]})
        stack.drain()
        stack.invoke("cut", {"words": ["three", "four"]})
        stack.invoke("cut", {"words": ["later"], "delay": 600})
        clients.dynamodb().delete_item(
            TableName=stack.table_name, Key={"PK": {"S": "WORD#one"}, "SK": {"S": "ROW"}}
        )
        letters = stack.dead_letters()
        (taken,) = clients.sqs().receive_message(QueueUrl=stack.deployment.queues["WordQueue"].url)[
            "Messages"
        ]
    with opener(data_dir=tmp_path, parameters={"Greeting": "good day"}) as stack:
        assert words(stack) == {"bigtwo": 1}
        assert clients.s3().get_object(Bucket=stack.bucket, Key="words/bigtwo")["Body"].read() == b"x" * 1000
        # In order, what was in flight is visible again, what was delayed still is.
        counts = stack.depths()["WordQueue"]
        assert (counts.visible, counts.in_flight, counts.delayed) == (2, 0, 1)
        received = clients.sqs().receive_message(
            QueueUrl=stack.deployment.queues["WordQueue"].url, MessageSystemAttributeNames=["All"]
        )["Messages"]
        assert [message["MessageId"] for message in received] == [taken["MessageId"]]
        assert received[0]["Attributes"]["ApproximateReceiveCount"] == "2"
        assert [(each.body, each.first_seen) for each in stack.dead_letters()] == [
            (each.body, each.first_seen) for each in letters
        ]
        assert stack.function("cut").environment["GREETING"] == "good day"


def test_what_was_deleted_stays_deleted(opener: Opener, tmp_path: Path) -> None:
    with opener(data_dir=tmp_path) as stack:
        stack.invoke("cut", {"words": ["bigone", "bigtwo", "bigthree"]})
        stack.drain()
        clients.s3().delete_object(Bucket=stack.bucket, Key="words/bigone")
        clients.s3().delete_objects(
            Bucket=stack.bucket, Delete={"Objects": [{"Key": "words/bigtwo"}, {"Key": "words/bigthree"}]}
        )
    with opener(data_dir=tmp_path) as stack:
        assert "Contents" not in clients.s3().list_objects_v2(Bucket=stack.bucket)
        assert stack.drain().messages == 0


def test_what_has_expired_is_not_restored(opener: Opener, tmp_path: Path) -> None:
    now = time.time()

    def keys(stack: Stack) -> tuple[set[str], set[str]]:
        rows = clients.dynamodb().scan(TableName=stack.table_name)["Items"]
        objects = clients.s3().list_objects_v2(Bucket=stack.bucket).get("Contents", [])
        return {row["PK"]["S"] for row in rows}, {each["Key"] for each in objects}

    with opener(data_dir=tmp_path) as stack:
        for name, ends in (("lease", {"N": str(now + 60)}), ("kept", {"S": "1"}), ("endless", None)):
            item: dict[str, Any] = {"PK": {"S": name}, "SK": {"S": "x"}}
            clients.dynamodb().put_item(
                TableName=stack.table_name, Item=item | ({"expires_at": ends} if ends else {})
            )
        for key in ("passing/one", "lasting/one"):
            clients.s3().put_object(Bucket=stack.bucket, Key=key, Body=b"x")
    with opener(data_dir=tmp_path) as stack:
        assert keys(stack) == ({"lease", "kept", "endless"}, {"passing/one", "lasting/one"})
    with opener(data_dir=tmp_path, now=lambda: now + 31 * 86_400) as stack:
        assert keys(stack) == ({"kept", "endless"}, {"lasting/one"})
    with opener(data_dir=tmp_path) as stack:  # gone for good, whatever the clock says
        assert keys(stack) == ({"kept", "endless"}, {"lasting/one"})


def test_one_process_polls_and_others_work_beside_it(opener: Opener, tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from newscast.local.stack import Stack\n"
        "with Stack.open(Path(sys.argv[1]), Path(sys.argv[2])) as stack:\n"
        "    stack.invoke('cut', {'words': ['one']}); stack.drain()\n"
        "    print('open', flush=True); time.sleep(60)"
    )
    with opener(data_dir=tmp_path):  # so that the other finds a plan
        pass
    with subprocess.Popen(
        [sys.executable, "-c", program, str(TOY), str(tmp_path)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "functions")},
    ) as other:
        try:
            assert other.stdout is not None
            assert other.stdout.readline() == b"open\n"
            who = rf"^{tmp_path} is in use by another newscast run or up \(process {other.pid}\)$"
            with pytest.raises(StateError, match=who), opener(data_dir=tmp_path):
                pass
            with opener(data_dir=tmp_path, polls=False) as stack:
                assert words(stack) == {"one": 1}
                stack.invoke("cut", {"words": ["two"]})
        finally:
            other.kill()
    with opener(data_dir=tmp_path) as stack:  # a killed process blocks nobody
        stack.drain()
        assert words(stack) == {"one": 1, "two": 1}


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE other (x)")


def older(path: Path) -> None:
    Database(path.parent).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")


def cut_short(path: Path) -> None:
    Database(path.parent).close()
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


BROKEN = [
    ("no database", lambda path: path.write_text("longer than SQLite's header" * 20), "damaged or not"),
    ("another program's", foreign, "is not a Newscast state"),
    ("of another version", older, f"is of version {VERSION + 1}, and this Newscast reads"),
    ("cut short", cut_short, "damaged"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "breaks", "message"), BROKEN, ids=[case[0] for case in BROKEN])
def test_a_state_that_is_not_ours(tmp_path: Path, name: str, breaks: object, message: str) -> None:
    assert callable(breaks)
    breaks(tmp_path / FILE)
    with pytest.raises(StateError, match=message) as error:
        Database(tmp_path)
    assert "\n" not in str(error.value)


def test_a_directory_that_can_not_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StateError, match="can't keep state in"):
        Database(tmp_path / "file" / "data")


def test_state_without_its_place(opener: Opener, tmp_path: Path) -> None:
    with opener(data_dir=tmp_path) as stack:
        stack.invoke("cut", {"words": ["one"]})
    renamed = tmp_path / "template.yaml"
    renamed.write_text(TOY.read_text().replace("WordQueue", "TermQueue"))
    with (
        pytest.raises(StateError, match="holds state of the queue WordQueue, which the template lacks"),
        opener(data_dir=tmp_path, template=renamed),
    ):
        pass


MANY = {"MaxReceives": "9"}
"""A kill counts as a delivery, so that a message that brings the process down is buried in the end."""


def work(directory: Path, groups: list[list[str]], told: int, statements: int | None) -> None:
    """Send each group, tell so, and drain; kill this process at the nth statement that SQLite is given."""
    with Stack.open(TOY, directory, MANY) as stack:
        left = statements

        def count(_statement: str) -> None:
            nonlocal left
            if left is not None:
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        stack.database.db.set_trace_callback(count)
        for number, group in enumerate(groups):
            stack.invoke("cut", {"words": group})
            os.write(told, bytes([number]))
            stack.drain()


@pytest.mark.parametrize("seed", range(2))
def test_kills_lose_nothing(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    groups = [[f"w{g}-{n}" if n % 4 else f"big{g}-{n}" for n in range(8)] for g in range(3)]
    sent = kills = 0
    while sent < len(groups):
        reading, told = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                work(tmp_path, groups[sent:], told, statements=rng.randrange(20, 250) if kills < 3 else None)
            finally:
                os._exit(0)
        os.close(told)
        with os.fdopen(reading, "rb") as pipe:
            answered = pipe.read()
        _, status = os.waitpid(child, 0)
        kills += os.WIFSIGNALED(status)
        sent += len(answered)
    assert kills >= 1
    with Stack.open(TOY, tmp_path, MANY) as stack:
        stack.drain()
        kept = words(stack)
        assert kept.keys() == {word for group in groups for word in group}
        # A kill between a word's row and its acknowledgement delivers it again: at least once, not never.
        assert all(1 <= times <= 1 + 2 * kills for times in kept.values())
        objects = clients.s3().list_objects_v2(Bucket=stack.bucket)["Contents"]
        assert {each["Key"] for each in objects} == {
            f"words/{word}" for word in kept if word.startswith("big")
        }
        assert stack.depths()["WordQueue"].total == 0
        assert stack.dead_letters() == []
