"""Text on its way to a terminal: whatever a stranger wrote, it is shown, and does nothing there.

The one door of all that the command prints: `say` for lines, `as_json` for what programs read, and `screen`
for tables and colours. What a feed, a server or a file says may hold control characters, which move a cursor
or rename a window, and characters that nobody sees and that turn the direction of what stands beside them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment

CONTROLS = [*(code for code in range(0x20) if chr(code) not in "\n\t"), *range(0x7F, 0xA0)]
"""C0 (ESC among them), DEL and C1, which some terminals obey as they do ESC."""
UNSEEN = [
    *(0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)),  # directions
    *(0x00AD, 0x180E, 0x200B, *range(0x2060, 0x2066), *range(0x206A, 0x2070), 0xFEFF),  # of no width
    *(*range(0xFFF9, 0xFFFC), *range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B), *range(0xE0000, 0xE0080)),
]
"""Format characters without a shape. Those that join or part letters (200C, 200D) and the signs that Arabic
numbers have are seen, and stay."""
BREAKS = [0x2028, 0x2029]
"""Ends of a line and a paragraph, which some programs take for "\\n"."""

_PICTURES: dict[int, int | str | None] = {
    **{code: 0x2400 + code if code < 0x20 else 0x2421 for code in CONTROLS},
    **dict.fromkeys(UNSEEN),
    **dict.fromkeys(BREAKS, " "),
}
_ESCAPES = {
    code: f"\\u{code:04x}" if code < 0x10000 else json.dumps(chr(code))[1:-1]
    for code in (*range(0x7F, 0xA0), *UNSEEN, *BREAKS, *range(0xD800, 0xE000))
}


def shown(text: str) -> str:
    """A text for a terminal: controls as pictures, what is unseen left out."""
    return text.translate(_PICTURES)


def say(text: object, *, file: TextIO | None = None, end: str = "\n", flush: bool = False) -> None:
    """Print a line, on standard output unless told."""
    print(shown(str(text)), file=file, end=end, flush=flush)


def as_json(value: Any) -> str:
    """A value as one line of JSON that reads back the same: what could harm a terminal is escaped, all other
    letters stand as they are."""
    return escaped(json.dumps(value, ensure_ascii=False))


def escaped(line: str) -> str:
    """JSON in which what could harm a terminal is escaped."""
    return line.translate(_ESCAPES)


def screen(**options: Any) -> Console:
    """A console that prints all text as `shown` does; its own colours and cursor pass."""
    from rich.console import Console
    from rich.segment import Segment

    class Screen(Console):
        def render(
            self, renderable: RenderableType, options: ConsoleOptions | None = None
        ) -> Iterable[Segment]:
            for text, style, control in super().render(renderable, options):
                yield Segment(text if control else shown(text), style, control)

    return Screen(highlight=False, **options)
