"""Which hosts stand behind one limit, as the setting groups them."""

from __future__ import annotations

import pytest

from newscast.web.quiet import group_of

GROUPS = "one.example,two.example;three.example, four.example"


@pytest.mark.parametrize(
    ("host", "group"),
    [
        ("one.example", "group:one.example"),
        ("two.example", "group:one.example"),
        ("feeds.two.example", "group:one.example"),
        ("four.example", "group:three.example"),
        ("notone.example", None),  # another's name that ends the same
        ("example", None),
        ("one.example.net", None),
    ],
)
def test_a_group_is_its_domains_and_all_below_them(host: str, group: str | None) -> None:
    assert group_of(host, GROUPS) == group


def test_without_groups_a_host_is_in_none() -> None:
    assert group_of("one.example", "") is None
