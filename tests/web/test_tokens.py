"""Keys in URLs are hidden; what only chooses a feed stays readable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscast.web.target import redacted
from newscast.web.tokens import holds_key, masked

UUID = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"
KEYS = [
    ("https://x.example/feed?token=abc123", "https://x.example/feed?token=…"),
    ("https://x.example/feed?cat=12&access_token=abc123&lang=de", "https://x.example/feed?cat=12&access_token=…&lang=de"),
    ("https://x.example/feed?apiKey=abc123#top", "https://x.example/feed?apiKey=…#top"),
    ("https://x.example/feed?API-KEY=abc123", "https://x.example/feed?API-KEY=…"),
    ("https://x.example/feed?%74oken=abc123", "https://x.example/feed?%74oken=…"),
    ("https://x.example/feed?a=1;password=hunter2", "https://x.example/feed?a=1;password=…"),
    ("https://x.example/feed#token=abc123", "https://x.example/feed#token=…"),
    ("https://x.example/feed?key=9f8e7d6c5b4a39281706", "https://x.example/feed?key=…"),
    ("https://gitlab.example/group.atom?feed_token=glft-8sK2", "https://gitlab.example/group.atom?feed_token=…"),
    ("https://x.example/feed?Signature=a%2Bb%3D&Expires=1", "https://x.example/feed?Signature=…&Expires=1"),
    ("https://x.example/rss/show?auth=Ab3dEf6hIj9kLmN0pQrS2tUv4wXyZ81a", "https://x.example/rss/show?auth=…"),
    (
        "https://www.reddit.com/.rss?feed=2f3c9b8a7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f2a&user=ann",
        "https://www.reddit.com/.rss?feed=…&user=ann",
    ),
    (f"https://x.example/podcast/12345/private/{UUID}.rss", "https://x.example/podcast/12345/private/….rss"),
    ("https://x.example/premium/k3y4u5abc", "https://x.example/premium/…"),
    ("https://x.example/p/x7Kd92mQpL4vT8sZ1bN6yRw3.xml", "https://x.example/p/….xml"),
    ("https://x.example/p/9f8e7d6c5b4a392817069f8e7d6c5b4a/feed", "https://x.example/p/…/feed"),
    ("https://ann:hunter2@x.example/feed", "https://…@x.example/feed"),
    ("https://x.example/f?q=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.x", "https://x.example/f?q=…"),
]  # fmt: skip
OPEN = [
    "https://rss.nytimes.com/services/xml/rss/nyt/World.xml",
    "https://www.youtube.com/feeds/videos.xml?channel_id=UCBJycsmduvYEL83R_YOX4mA",
    f"https://feeds.acast.com/public/shows/{UUID}",
    "https://news.google.com/rss/search?q=Kharkiv&hl=en-US&gl=US&ceid=US:en",
    "https://feeds.megaphone.fm/WWO3519750118",
    "https://x.example/?feed=rss2&cat=12&key=europe",
    "https://x.example/feed?token=",
    "https://x.example/feed?key=world-news",
    "https://x.example/2024-07-12-weekly-edition-number-2817-of-the-paper.xml",
    "https://x.example/BreakingNews2024WorldEdition.rss",
    "https://x.example/members/feed.xml",
    "https://x.example/premium/",
    "https://x.example/auth/news",
    "https://xn--80aaxitdbjk.xn--p1ai/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8.xml",
    "https://www.reddit.com/r/news/.rss?limit=25",
    "not a url",
    "",
]


@pytest.mark.parametrize(("url", "shown"), KEYS)
def test_a_key_is_hidden_and_nothing_else(url: str, shown: str) -> None:
    assert masked(url) == shown
    assert holds_key(url)


@pytest.mark.parametrize("url", OPEN)
def test_what_is_no_key_stays(url: str) -> None:
    assert masked(url) == url
    assert not holds_key(url)


@pytest.mark.parametrize("url", [url for url, _ in KEYS])
def test_logs_hide_keys_in_paths_too(url: str) -> None:
    logged = redacted(url)
    hidden = (
        "abc123",
        "hunter2",
        UUID,
        "k3y4u5abc",
        "9f8e7d6c",
        "2f3c9b8a",
        "eyJ",
        "x7Kd92",
        "Ab3dEf",
        "glft",
    )
    assert not any(part in logged for part in hidden), logged


@given(st.text())
def test_any_text_is_masked_once_and_for_all(text: str) -> None:
    assert masked(masked(text)) == masked(text)
