"""Publishers' habits → the words a reader should get: every field of every feed, written by hand."""

from __future__ import annotations

import pytest

from newscast.feeds.parse import parse_document
from tests.feeds import publishers


@pytest.mark.parametrize("name", publishers.names())
def test_a_publishers_feed_is_read_as_a_reader_would(name: str) -> None:
    found = parse_document(publishers.document(name))
    feed, entries = publishers.expected(name)
    assert publishers.feed_of(found) == feed
    assert [publishers.fields_of(entry) for entry in found.entries] == entries
