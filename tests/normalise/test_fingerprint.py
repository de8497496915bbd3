"""Fingerprints: what changes them, what does not, and that their numbers stay what they were."""

import pytest

from newscast.normalise.fingerprint import NEAR, content_hash, likeness, signature, words

BODY = (
    "The defence ministers of Russia and the United States spoke by telephone on Friday for the second "
    "time in two weeks, the Russian ministry said."
)


def test_the_numbers_of_this_version() -> None:
    # If one of these changes, stored fingerprints no longer compare: raise the version instead.
    assert content_hash("Ministers speak", words(BODY)) == (
        "2ef1999a98c8963fdec6c1acbde7c128b6dc0306aaaf3d3902435d2d7074f047"
    )
    assert signature(words(BODY)) == (
        "m2:ABUfQ8ZOYzlEdzm4v3daDn48MnEh146TgDjlW3VKsGXUC4eOoDaBtwjt78uVvKJ+JGk4Q/RpbdR9AyZxNerUjdz7Y"
        "5iL/ubfGI1+YqvZQKDxjCOrNnLYInImrQsw/WOr+PMoVbY7Vye5cFgj+1jZ/Jd23vyrnkjSnPreE1IVkDSeivPJ0pwtL"
        "eVkhWjWizy9MKqZB8NHCeWm/RPwW9WnEOM9cb8hPdmx04BSn8drB4PwClsKIjTa++WruB/CWtuPbsy4SU0DnFsn7fP9A"
        "Y0vExa0SDTTdhvwXNMDR6I0KFen/AXkYyjNAqRZQg6kyYo4AcLe5FSSGmv2UkPZM1XQsAbz"
    )


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("MINISTERS SPEAK", BODY.upper()),
        ("Ministers  speak!", BODY.replace(",", " –")),
        ("UPDATE 2: Ministers speak", BODY),
        ("Live: Ministers speak 18:30 GMT", BODY),
    ],
)
def test_what_does_not_count(title: str, body: str) -> None:
    assert content_hash(title, words(body)) == content_hash("Ministers speak", words(BODY))


TOLD = [
    # summary, whether it counts
    ("", False),
    (BODY, False),
    ("The defence ministers of Russia", False),
    ("The defence ministers of Russia and the Uni…", False),
    ("THE DEFENCE MINISTERS", False),
    ("Ministers speak", False),
    ("12 comments", False),
    ("Moscow says the call was short.", True),
    ("CORRECTION: an earlier version named the wrong minister.", True),
    (BODY + " It was the first call since May.", True),
    ("The defence ministers of Peru", True),
]


@pytest.mark.parametrize(("summary", "counts"), TOLD)
def test_a_summary_counts_where_it_says_more_than_the_begin_of_the_text(summary: str, counts: bool) -> None:
    without = content_hash("Ministers speak", words(BODY))
    assert (content_hash("Ministers speak", words(BODY), summary) != without) is counts


def test_counts_and_clocks_in_a_summary_say_nothing_new() -> None:
    told = "Moscow says the call was short. 12 comments, 4 min read, 3 hours ago"
    later = told.replace("12 ", "1,204 ").replace("3 hours", "5 hours")
    assert content_hash("", ["x"], told) == content_hash("", ["x"], later)


def test_a_changed_word_counts() -> None:
    assert content_hash("", words(BODY)) != content_hash("", words(BODY.replace("second", "third")))


def test_title_and_body_are_told_apart() -> None:
    assert content_hash("a b", ["c"]) != content_hash("a", ["b", "c"])


def test_likeness() -> None:
    one, other = (
        signature(words(BODY)),
        signature(words("Storm hits the northern coast, thousands flee homes")),
    )
    assert one is not None
    assert other is not None
    assert likeness(one, one) == 1
    assert likeness(one, other) < 0.1
    edited = signature(words(BODY.replace("Friday", "Saturday")))
    assert edited is not None
    assert likeness(one, edited) > 0.6


def test_too_few_words_have_no_signature() -> None:
    assert signature(["two", "words"]) is None


def test_versions_are_not_compared() -> None:
    one = signature(words(BODY))
    assert one is not None
    with pytest.raises(ValueError, match="'m1', not 'm2'"):
        likeness(one, one.replace("m2:", "m1:"))


PARAGRAPHS = [
    "Dock workers at the terminal voted on Sunday to extend their strike for another week.",
    "The union said that nine in ten of its members had been in favour of going on.",
    "Eleven ships were waiting at anchor on Monday, two of them with perishable goods.",
    "The operator put its losses at four million euros a day and asked shippers to go north.",
    "A mediator appointed by the labour ministry will meet both sides on Wednesday.",
    "Prices of fruit rose by a tenth in the markets of the capital, traders said.",
]
ANOTHER = (
    "Workers at the port have decided to go on with their strike, which entered its second week. Nine in ten "
    "voted for it, according to the union. Ships wait off the coast. The company speaks of four million "
    "euros that it loses each day, and a mediator is to see both parties soon."
)


@pytest.mark.parametrize(
    ("copy", "near"),
    [
        ("\n".join(PARAGRAPHS), True),
        ("\n".join(PARAGRAPHS[:3]), True),  # cut from its end
        ("\n".join(reversed(PARAGRAPHS)), True),
        ("\n".join(PARAGRAPHS).replace("said", "told us").replace("euros", "dollars"), True),
        (PARAGRAPHS[2], False),  # one sentence is no copy
        (ANOTHER, False),  # the same event in other words
        (ANOTHER + PARAGRAPHS[5], False),
    ],
)
def test_a_copy_is_told_from_another_piece_on_the_same_event(copy: str, near: bool) -> None:
    one, other = signature(words("\n".join(PARAGRAPHS))), signature(words(copy))
    assert one is not None
    assert other is not None
    assert (likeness(one, other) >= NEAR) is near
    assert likeness(one, other) == likeness(other, one)


def test_chinese_copies_are_found_though_nothing_parts_its_words() -> None:
    text = "受今年第三号台风影响沿海三省启动二级应急响应，所有渔船在当晚八时前回港避风，铁路停运列车。"
    one, other = signature(words(text)), signature(words(text.replace("渔船", "船只")))
    assert one is not None
    assert other is not None
    assert likeness(one, other) >= NEAR
