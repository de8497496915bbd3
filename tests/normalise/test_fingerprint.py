"""Fingerprints: what changes them, what does not, and that their numbers stay what they were."""

import pytest

from newscast.normalise.fingerprint import content_hash, likeness, signature, words

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
        "m1:CQYAw0ygZ8NWi1YIsYt+xEJJ/IRejuIupRLVnHb1xmWVctTA1W3UwHvcYnCtIZLCHV4hd5NUjsORoEAFfdxUCkH"
        "iuBMTOllCEvicwWYFwEqeRBdQmlHYqIPUFHmDlwPJW32XabDg6giXTmqmEstDiaDFWygZ7ILAmcObwbhin5RcQBvCA"
        "4bMwFbO8yZfxUlfmUZexyiq9H16HrjCsIzEIAmouk50naXBVrI/b6ijAj6/qSUCGucZZ+ZV7x1A/dnHpWhFj9z+6gB"
        "20OCG84rAwEwAMgD3jaXAdM4CFpdthhI6CmDDHvFQwOHWIGC1lzI9/JGSxbsfGxYnoP436XjsHw"
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
    with pytest.raises(ValueError, match="m0"):
        likeness(one, one.replace("m1:", "m0:"))
