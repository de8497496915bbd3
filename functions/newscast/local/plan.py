"""The plan of a template: made by deploying it once, kept beside the state, found again while it holds.

A plan holds for one text of the template, one set of parameters and one version of Newscast.
"""

from __future__ import annotations

import hashlib
import os
import random
import re
import string
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from newscast import __version__
from newscast.local.deployed import Plan
from newscast.local.problem import StateError, TemplateError

FORMAT = 1
"""Of a plan, and of what deploy.py makes of a template; raise it with either."""
KEPT = "Kept"
"""Beginning of parameters that name what is in an account, which a plan can't answer for."""

_made: dict[str, bytes] = {}
"""Plans of this process."""


def plan(template: Path, parameters: Mapping[str, str], directory: Path | None) -> Plan:
    """The plan kept in a directory, else made anew and kept there. Raises TemplateError and StateError."""
    if any(name.startswith(KEPT) and value for name, value in parameters.items()):
        return _deployed(template, parameters)
    whose, which = _key(template, parameters)
    name = f"plan-{whose}-{which}.json"
    for text in (_made.get(name), _read(directory / name if directory else None)):
        if text is not None:
            with suppress(msgspec.DecodeError):  # cut short, or by other code: it is made again
                found = msgspec.json.decode(text, type=Plan)
                _keep(directory, name, whose, text)
                return found if directory else _renamed(found, text)
    made = _deployed(template, parameters)
    _made[name] = msgspec.json.encode(made)
    _keep(directory, name, whose, _made[name])
    return made


def _renamed(found: Plan, text: bytes) -> Plan:
    """As a temporary stack's own: what a warm function keeps by a bucket's name is of that bucket."""
    for name in (*(t.name for t in found.tables.values()), *(b.name for b in found.buckets.values())):
        if made := _SUFFIX.search(name):
            digits = string.digits + (string.ascii_uppercase if made[0].isupper() else string.ascii_lowercase)
            other = name[: made.start()] + "-" + "".join(random.choices(digits, k=12))  # noqa: S311
            text = text.replace(name.encode(), other.encode())
    return msgspec.json.decode(text, type=Plan)


_SUFFIX = re.compile("-([A-Z0-9]{12}|[a-z0-9]{12})$")
"""What CloudFormation puts behind a name that the template doesn't give."""


def _deployed(template: Path, parameters: Mapping[str, str]) -> Plan:
    from newscast.local.deploy import deployed  # loads moto and the translator

    return deployed(template, parameters)


def _key(template: Path, parameters: Mapping[str, str]) -> tuple[str, str]:
    """Digests of the template with what reads it, and of the parameters."""
    try:
        text = template.read_bytes()
    except OSError as error:
        raise TemplateError(f"{template} can't be read: {error.strerror}") from error
    whose = [str(template.resolve()).encode(), __version__.encode(), str(FORMAT).encode(), text]
    which = msgspec.json.encode(dict(parameters), order="sorted")
    return hashlib.sha256(b"\0".join(whose)).hexdigest()[:12], hashlib.sha256(which).hexdigest()[:12]


def _read(path: Path | None) -> bytes | None:
    with suppress(OSError):
        return path.read_bytes() if path else None
    return None


def _keep(directory: Path | None, name: str, whose: str, text: bytes) -> None:
    """Write a plan down, whole or not at all; those of another text of the template go."""
    if directory is None or _read(directory / name) == text:
        return
    beside = directory / f"{name}.{os.getpid()}"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(text)
        beside.replace(directory / name)
        for other in directory.glob("plan-*.json"):
            if not other.name.startswith(f"plan-{whose}-"):
                other.unlink(missing_ok=True)
    except OSError as error:
        raise StateError(f"can't write to {directory}: {error.strerror}") from error
