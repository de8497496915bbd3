"""The toy stack: two functions, a schedule, a queue with dead letters, a table and a bucket."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from newscast.local.stack import Stack

TOY = Path(__file__).parent / "toy" / "template.yaml"

Opener = Callable[..., AbstractContextManager[Stack]]


@pytest.fixture
def opener() -> Opener:
    """Opens a toy stack with the options of Stack.open."""

    def open_(**options: Any) -> AbstractContextManager[Stack]:
        return Stack.open(options.pop("template", TOY), **options)

    return open_


@pytest.fixture
def stack(opener: Opener) -> Iterator[Stack]:
    """An open toy stack without kept state."""
    with opener() as opened:
        yield opened
