"""The whole contract on one backend: probes, more random calls than in CI, and on moto the whole flow.

python -m tests.contract.all ministack 12      # starts it from its own environment, on loopback
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STACK = Path(__file__).parents[2] / ".venv-ministack" / "bin" / "ministack"


def main(backend: str, seeds: str) -> int:
    if backend not in ("engine", "moto", "ministack"):
        print(f"no backend {backend}; there are engine, moto, ministack", file=sys.stderr)
        return 2
    if backend == "ministack" and not STACK.exists():
        print("MiniStack is not installed: make stack", file=sys.stderr)
        return 2
    with _served() if backend == "ministack" else _nothing() as served:
        environment = os.environ | served | {"NEWSCAST_BACKEND": backend, "NEWSCAST_SEEDS": seeds}
        steps = [["-m", "tests.contract", backend], ["-m", "pytest", "-s", "tests/contract/test_random.py"]]
        steps += [["-m", "pytest", "tests/flow/test_flow.py"]] if backend == "moto" else []
        return max(
            subprocess.run([sys.executable, *step], env=environment, check=False).returncode for step in steps
        )


@contextmanager
def _nothing() -> Iterator[dict[str, str]]:
    yield {}


@contextmanager
def _served() -> Iterator[dict[str, str]]:
    """A MiniStack that listens on loopback alone, and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port)}
    with subprocess.Popen(
        [STACK], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait_for(port)
            yield {"NEWSCAST_MINISTACK": f"http://127.0.0.1:{port}"}
        finally:
            process.terminate()


def _wait_for(port: int) -> None:
    for _ in range(150):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise SystemExit("MiniStack did not start within 30 seconds")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
