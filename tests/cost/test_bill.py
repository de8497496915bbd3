"""The bill: sums worked by hand, what never goes down, and the counts of the template itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from infra.checks import Stack

from newscast.aws.metrics import METRICS, SHOWN
from newscast.cost import measured, template
from newscast.cost.basis import Basis, BasisError, plain, polls_of, told
from newscast.cost.bill import Activity, Line, bill, filled, total
from newscast.cost.prices import PRICES
from newscast.cost.shape import PACKAGED, Function, Shape
from newscast.cost.spending import spent
from newscast.local import cost as local

TEMPLATE = Path(__file__).parents[2] / "infra" / "template.yaml"

ROUND = {
    "WRITES_NEW": 4,
    "WRITES_AN_EDGE": 1,
    "WRITES_A_REVISION": 5,
    "WRITES_A_POLL": 4,
    "WRITES_A_CHANGED_POLL": 2,
    "READS_NEW": 2,
    "READS_A_REVISION": 3,
    "READS_A_POLL": 1,
    "ROW_BYTES_NEW": 2000,
    "ROW_BYTES_AN_EDGE": 100,
    "ROW_BYTES_A_REVISION": 1000,
    "ROW_BYTES_A_FEED": 5000,
    "SQS_A_POLL": 1,
    "SQS_A_CHANGED_POLL": 1,
    "CALLS_A_POLL": 0.5,
    "BURST": 2,
    "ENTRY_BYTES": 1000,
    "ARTICLE_BYTES": 1000,
    "RECORD_BYTES": 40_000,
    "CPU_MS": {"schedule": 0, "fetch": 3, "normalise": 2, "page": 9, "tag": 2, "store": 5},
    "CPU_MS_A_CALL": 0,
    "COLD_STARTS": 0,
    "AWS_CALLS": {"schedule": 0, "fetch": 4, "normalise": 0, "page": 0, "tag": 0, "store": 5},
    "OBJECTS_A_BATCH": 1,
    "OBJECT_BYTES": 1000,
    "LOG_AN_ARTICLE": 300,
    "LOG_A_POLL": 400,
    "LOG_A_CALL": 200,
    "LOG_LINE": 26,
}
"""Figures that a person can multiply, so that measuring anew changes no test."""

SHAPE = Shape(
    functions={
        "schedule": Function(512),
        "fetch": Function(512, 5, 5),
        "normalise": Function(1024, 10),
        "page": Function(1024, 5),
        "tag": Function(1024, 10),
        "store": Function(512, 10),
    },
    alarm_metrics=20,
    round_minutes=5,
    log_days=30,
    processor="arm64",
    metrics=7,
)
MILLION = Activity(
    articles=1e6,
    revisions=3e5,
    polls=7e5,
    changed=5e5,
    feeds=2000,
    held_articles=5e5,
    held_revisions=1.5e5,
)

WORKED = [
    ("DynamoDB writes: new articles", 1 * (4 + 8) * 0.625),
    ("DynamoDB writes: revisions", 0.3 * 5 * 0.625),
    ("DynamoDB writes: polls", (0.7 * 4 + 0.5 * 2) * 0.625),
    ("DynamoDB reads", (1 * 2 + 0.3 * 3 + 0.7) * 0.125),
    # 0.5 M of 2.8 kB, 0.15 M of 1 kB, 2,000 of 5 kB
    ("DynamoDB storage", (1.4 + 0.15 + 0.01) * 0.25),
    ("DynamoDB recovery", (1.4 + 0.15 + 0.01) * 0.20),
    # polls 1.2 M; batches of two, 0.65 M at each of three stages, are received, deleted and sent on; two
    # records of 40 kB are two chunks of 64 kB, sent by tag and received by store
    ("SQS messages", (1.2 + 0.65 * (3 + 4 + 3)) * 0.40),
    # five pollers at each of five queues, three times a minute
    ("SQS empty receives", 5 * 5 * 3 * 60 * 24 * 30 / 1e6 * 0.40),
    ("Lambda calls", (12 * 24 * 30 + 0.5 * 7e5 + 3 * 6.5e5) / 1e6 * 0.20),
    # 1.3 M × 2 ms are 2,600 s of a processor, of which 1,024 MB give 1,024/1,769: 1.769 GB-s for each second
    ("Lambda time: normalise", 2600 * 1769 / 1024 * 0.0000133334),
    # 0.35 M batches wait half a second each, 0.7 M polls 4 × 5 ms; 2,100 s of a processor
    ("Lambda time: fetch", ((175_000 + 14_000) * 0.5 + 2100 * 1769 / 1024) * 0.0000133334),
    ("Lambda time: store", (32_500 * 0.5 + 6500 * 1769 / 1024) * 0.0000133334),
    # an object a batch, and two containers that look every ten minutes
    ("S3 writes and lists", (650_000 + 2 * 6 * 24 * 30) * 0.005 / 1000),
    ("S3 storage", 0.65e6 * 1000 / 1e9 * 0.023),
    (
        "Logs",
        (1.3e6 * 326 + 0.7e6 * 426 + (8640 + 3.5e5 + 1.95e6) * 226) / 1e9 * 0.50,
    ),
    ("Metrics", 2.10),
    ("Alarms", 2.00),
    ("Scheduler", 8640 * 1e-6),
    ("KMS", 4 * 8640 * 0.03 / 1e4),
]


@pytest.fixture
def round_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ROUND.items():
        monkeypatch.setattr(measured, name, value)


@pytest.mark.usefixtures("round_figures")
@pytest.mark.parametrize(("item", "dollars"), WORKED)
def test_a_line_is_what_a_hand_works_out(item: str, dollars: float) -> None:
    (line,) = (each for each in bill(MILLION, SHAPE) if each.item == item)
    assert line.dollars == pytest.approx(dollars)
    assert "×" in line.how


@pytest.mark.usefixtures("round_figures")
@pytest.mark.parametrize(
    ("changed", "item", "dollars"),
    [
        ({"traced": True}, "X-Ray", (8640 + 3.5e5 + 1.95e6) / 1e6 * 5),  # each function below a call a second
        ({"dashboard": True}, "Dashboard", 3.0),
        ({"days": 15.0}, "Alarms", 1.0),
        ({"days": 15.0}, "SQS empty receives", 0.648),
        ({"days": 15.0}, "DynamoDB storage", 1.56 * 0.25 / 2),
        # pages come one by one: 0.1 M calls that wait half a second, 900 s of a processor
        ({"pages": 1e5}, "Lambda time: page", (50_000 + 900 * 1769 / 1024) * 0.0000133334),
        ({"pages": 1e5}, "DynamoDB writes: polls", (0.7 * 4 + 0.5 * 2 + 0.1 * 4) * 0.625),
    ],
)
def test_what_is_asked_for_besides(changed: dict[str, Any], item: str, dollars: float) -> None:
    lines = {line.item: line.dollars for line in bill(replace(MILLION, **changed), SHAPE)}
    assert lines[item] == pytest.approx(dollars)
    assert {"X-Ray", "Dashboard", "Lambda time: page"} & lines.keys() <= {item, "Lambda time: page"}


@pytest.mark.usefixtures("round_figures")
def test_a_busy_function_is_traced_in_part() -> None:
    busy = replace(MILLION, articles=2e7, revisions=0)  # 10 M calls a month of three functions: 3.9 a second
    (line,) = (each for each in bill(replace(busy, traced=True), SHAPE) if each.item == "X-Ray")
    seconds = 30 * 86_400
    assert line.dollars == pytest.approx((8640 + 3.5e5 + 3 * (seconds + (1e7 - seconds) * 0.05)) / 1e6 * 5)


def test_batches_fill_with_what_comes_and_with_the_window() -> None:
    wide = replace(SHAPE, functions={**SHAPE.functions, "normalise": Function(1024, 10, 30)})
    few, many = replace(MILLION, articles=1e4, revisions=0), replace(MILLION, articles=1e9)
    assert 1 <= filled(few, SHAPE, "store") <= filled(few, wide, "store") < filled(MILLION, wide, "store")
    assert filled(many, wide, "normalise") == 10


amounts = st.floats(0, 1e8)


@given(
    articles=amounts,
    feeds=st.floats(1000, 1e6),
    revised=st.floats(0, 3),
    edges=st.floats(0, 50),
    full_text=st.floats(0, 1),
    months=st.integers(1, 12),
)
@settings(max_examples=40, deadline=None)
def test_more_never_costs_less_and_nothing_costs_nothing(
    articles: float, feeds: float, revised: float, edges: float, full_text: float, months: int
) -> None:
    basis = Basis(
        articles=articles, feeds=feeds, revised=revised, edges=edges, full_text=full_text, months=months
    )
    cost = total(basis.lines(PACKAGED))
    assert cost > 0
    assert all(line.dollars >= 0 for line in basis.lines(PACKAGED))
    for more in (
        replace(basis, articles=2 * articles),
        replace(basis, months=months + 1),
        replace(basis, edges=2 * edges),
        replace(basis, tracing=True),
        replace(basis, dashboard=True),
    ):
        assert total(more.lines(PACKAGED)) >= cost - 1e-9
    assert total(replace(basis, retention_days=30).lines(PACKAGED)) <= cost + 1e-9
    told_ = plain(told(basis, PACKAGED), basis.lines(PACKAGED))
    assert told_["total"] == pytest.approx(sum(line["dollars"] for line in told_["lines"]))


def test_months_add_up() -> None:
    basis = Basis(articles=1e6, feeds=2000, months=3)
    each = [total(replace(basis, months=month).lines(PACKAGED)) for month in (1, 2, 3)]
    assert basis.until_then(PACKAGED) == pytest.approx(sum(each))
    assert each == sorted(set(each))
    # What is kept for thirty days is no more in the third month than in the second.
    kept = [replace(basis, retention_days=30, months=month).activity().held_articles for month in (1, 2, 3)]
    assert kept == [0.5e6, 1e6, 1e6]


@pytest.mark.parametrize(
    ("entries", "polls"), [(0.0, 1.0), (3.75, 5.25), (7.5, 9.5), (60.0, 14.4), (9e9, 14.4)]
)
def test_polls_follow_what_feeds_bring(entries: float, polls: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measured, "POLLS", ((0.0, 1.0, 0.05), (7.5, 9.5, 0.59), (60.0, 14.4, 0.97)))
    assert polls_of(entries)[0] == pytest.approx(polls)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"articles": -1}, r"articles must be 0 to 10,000,000,000, not -1"),
        ({"articles": 1e12}, r"articles must be"),
        ({"feeds": 0}, r"1,000 articles a month can't come from 0 feeds"),
        ({"months": 0}, r"months must be 1 to 1,200, not 0"),
        ({"full_text": 1.5}, r"full-text must be 0 to 1, not 1.5"),
        ({"polls": -3}, r"polls must be"),
    ],
)
def test_absurd_numbers_are_one_line(given: dict[str, float], said: str) -> None:
    with pytest.raises(BasisError, match=said):
        Basis(**{"articles": 1000.0, "feeds": 10.0} | given)  # type: ignore[arg-type]


def test_the_templates_counts_are_the_bills() -> None:
    sound = Stack.at(TEMPLATE)
    shape = template.read(TEMPLATE)
    alarms = sound.of("AWS::CloudWatch::Alarm").values()
    assert shape.alarm_metrics == sum(
        len([each for each in alarm.get("Metrics", []) if "MetricStat" in each]) or 1 for alarm in alarms
    )
    assert shape.metrics == len(METRICS.keys() - SHOWN - {"Slowed"})
    assert shape.sources == len(sound.mappings)
    memory = {
        function.handler.split(".")[-2]: function.memory for function in sound.translated.functions.values()
    }
    assert {stage: each.memory for stage, each in shape.functions.items()} == memory
    for mapping in sound.mappings.values():
        stage = sound.translated.functions[mapping.function].handler.split(".")[-2]
        read = shape.functions[stage]
        assert (read.batch, read.window) == (mapping.properties["BatchSize"], mapping.window)


def test_a_package_without_the_template_knows_the_same() -> None:
    assert template.read(TEMPLATE) == PACKAGED


def test_a_file_that_is_no_template_is_one_line(tmp_path: Path) -> None:
    for number, text in enumerate(("", "a: [", "Resources: {}", "Resources: 7\nParameters: {}")):
        path = tmp_path / f"{number}.yaml"
        path.write_text(text)
        with pytest.raises(ValueError, match=r"not a template of Newscast"):
            template.read(path)


def test_a_run_on_the_laptop_is_paid_by_the_same_prices() -> None:
    use = dict.fromkeys(local.NAMES, 1.0)
    assert {line.usd for line in local.cost(use).lines} == {PRICES[key] for key in use}


def test_what_was_spent_so_far() -> None:
    nothing: dict[str, Any] = {"polls": 0, "articles": 0, "revisions": 0}
    assert spent(**nothing, elapsed_days=0) == 0
    half, month = spent(**nothing, elapsed_days=15), spent(**nothing, elapsed_days=30)
    assert month == pytest.approx(2 * half)
    rounds = 8640 * measured.WRITES_TO_COUNT * PRICES["dynamodb.write"]
    assert month == pytest.approx(total(Basis(articles=0, feeds=0).lines(PACKAGED)) + rounds)
    for name in nothing:
        assert spent(**(nothing | {name: 10_000}), elapsed_days=15) > half + 0.01


def test_the_lines_of_a_month_are_those_of_its_counters() -> None:
    done = Basis(articles=1e6, feeds=2000).activity()
    so_far = spent(
        polls=done.polls,
        articles=done.articles,
        revisions=done.revisions,
        elapsed_days=30,
        feeds=2000,
        held_articles=done.held_articles,
    )
    whole: list[Line] = bill(done, PACKAGED)
    assert so_far == pytest.approx(
        total(whole), rel=0.05
    )  # what brought entries is guessed, revisions lie apart
