"""The command `newscast`: one short module a subcommand, each with its arguments and its main.

Nothing is imported here that takes time: before `main` runs nobody hears Ctrl-C.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # typing's own takes time
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit status: 0 done, 1 bad input or failure, 2 bad usage, 130 interrupted."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        from newscast.cli import command

        return command.run(words)
    except KeyboardInterrupt:
        import signal

        signal.signal(signal.SIGINT, signal.SIG_IGN)  # an impatient second one has nothing left to stop
        print(f"newscast {''.join(words[:1])}: interrupted", file=sys.stderr)
        return 130
