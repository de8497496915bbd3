"""The environment is read as a whole and checked: what is wrong is said by the variable's name."""

from __future__ import annotations

import pytest

from newscast.settings import Settings, SettingsError, read


def test_a_variable_that_is_empty_or_not_there_is_its_default() -> None:
    # CloudFormation gives an unset parameter as an empty text.
    assert read({"CONTACT": "", "HOST_GAP_SECONDS": "", "FULL_TEXT": "", "PATH": "/bin"}) == Settings()


def test_texts_are_read_as_what_they_stand_for() -> None:
    found = read({"HOST_GAP_SECONDS": "0.5", "MAX_RECEIVES": "3", "FULL_TEXT": "auto", "TABLE_NAME": "t"})
    assert found == Settings(host_gap_seconds=0.5, max_receives=3, full_text="auto", table_name="t")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("MAX_RECEIVES", "0"),
        ("MAX_RECEIVES", "five"),
        ("HOST_GAP_SECONDS", "-1"),
        ("SPREAD_SECONDS", "901"),
        ("FETCH_DEADLINE_SECONDS", "0"),
        ("FULL_TEXT", "sometimes"),
        ("HOST_GROUPS", "one.example two.example"),
        ("RETENTION_DAYS", "-1"),
        ("RETENTION_DAYS", "3651"),
        ("MONTHLY_CEILING", "-1"),
        ("MONTHLY_CEILING", "100000"),
        ("MONTHLY_CEILING", "12.50"),
        ("MONTHLY_CEILING", "forty"),
    ],
)
def test_a_value_that_can_not_be_is_refused_by_its_variable(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=rf"`\$\.{variable}`"):
        read({variable: value})


@pytest.mark.parametrize(("text", "days"), [("", 0), ("0", 0), ("30", 30), ("3650", 3650)])
def test_days_that_articles_are_kept(text: str, days: int) -> None:
    assert read({"RETENTION_DAYS": text}).retention_days == days


@pytest.mark.parametrize("text", ["1", "29"])
def test_no_article_is_kept_for_less_than_a_month(text: str) -> None:
    with pytest.raises(SettingsError, match="RETENTION_DAYS must be 0, or 30 at least"):
        read({"RETENTION_DAYS": text})


def test_what_a_function_needs_and_was_not_given_is_named() -> None:
    with pytest.raises(SettingsError, match=r"^BUCKET_NAME is not set$"):
        Settings(table_name="t").need("table_name", "bucket_name")
