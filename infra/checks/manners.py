"""Publishers are treated well whatever a deployer gives."""

from __future__ import annotations

import re
from collections.abc import Iterator

from infra.checks.stack import Stack

from newscast.settings import SettingsError, read

LEAST = {"HostGapSeconds": 1, "PollFloorMinutes": 5, "UnvalidatedFloorMinutes": 60}
"""What no installation goes below: at 0 a host is asked by many at once."""
MOST = {"SpreadSeconds": 900}
"""SQS delays no message for longer."""
SECONDS = {"minute": 60, "hour": 3600, "day": 86400}

GROUPS: tuple[tuple[str, bool], ...] = (
    ("", True),
    ("one.example", True),
    ("one.example,two.example", True),
    ("one.example,two.example;three.co.example,four.example", True),
    ("xn--bcher-kva.example,two.example", True),
    ("one.example, two.example", False),
    ("https://one.example", False),
    ("one.example/feeds", False),
    ("one.example;;two.example", False),
    ("one.example,", False),
    ("one", False),
)
"""What a deployer may give for HostGroups, and what would match no host."""


def bounds(stack: Stack) -> Iterator[str]:
    """Bounds of the numbers, and a default round that ends before the next begins."""
    given = stack.template["Parameters"]
    for name, least in LEAST.items():
        if given[name].get("MinValue", 0) < least:
            yield f"{name} may be less than {least}"
    for name, most in MOST.items():
        if given[name].get("MaxValue", most + 1) > most:
            yield f"{name} may be more than {most}"
    if given["UnvalidatedFloorMinutes"]["Default"] < given["PollFloorMinutes"]["Default"]:
        yield "whole documents are asked for more often than validated ones"
    every = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", given["ScheduleRate"]["Default"])
    if every and given["SpreadSeconds"]["Default"] >= int(every[1]) * SECONDS[every[2]]:
        yield "a round is spread over more time than there is until the next"


def host_groups(stack: Stack) -> Iterator[str]:
    """The template's pattern and the setting's own take and refuse the same."""
    pattern = stack.template["Parameters"]["HostGroups"].get("AllowedPattern", ".*")
    for text, sound in GROUPS:
        said = "refuses" if sound else "takes"
        if (re.fullmatch(pattern, text) is not None) != sound:
            yield f"HostGroups {said} {text!r}"
        try:
            read({"HOST_GROUPS": text})
            taken = True
        except SettingsError:
            taken = False
        if taken != sound:
            yield f"HOST_GROUPS {said} {text!r}"
