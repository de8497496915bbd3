"""Key values as bytes: they stand in the order in which DynamoDB sorts the values."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from newscast.local.engine.encoding import after_prefix, ordered
from newscast.local.engine.items import scalar

NUMBERS = st.builds(
    lambda digits, exponent, sign: scalar({"N": f"{sign}{digits}E{exponent}"}),
    st.integers(0, 10**37),
    st.integers(-120, 80),
    st.sampled_from(("", "-")),
)


@given(NUMBERS, NUMBERS)
def test_numbers(one: Decimal, other: Decimal) -> None:
    assert (one < other) == (ordered(one) < ordered(other))
    assert (one == other) == (ordered(one) == ordered(other))


@given(st.text(), st.text())
def test_strings(one: str, other: str) -> None:
    assert (one < other) == (ordered(one) < ordered(other))


@given(st.binary(max_size=4), st.binary(max_size=6))
def test_what_begins_with_a_prefix_stands_together(prefix: bytes, value: bytes) -> None:
    end = after_prefix(prefix)
    assert value.startswith(prefix) == (prefix <= value and (end is None or value < end))
