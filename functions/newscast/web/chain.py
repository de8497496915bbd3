"""The leases of one chain of requests: each host's taken before it is asked, all given back at its end.

What the last answer asks for, quiet for its host or its host's group, is kept as they are given back: for all
who would ask, if the asker speaks for that host, and else for the asker alone. Nobody silences another by
leading to where it wants quiet.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from newscast.web.asker import Asker
from newscast.web.exchange import Response
from newscast.web.lease import Held, HostBusyError, Lease, Leases
from newscast.web.quiet import group_of, host_quiet_until
from newscast.web.target import target

MARGIN = timedelta(seconds=2)
"""That a lease outlasts the deadlines of its requests, for the writes around them."""


@dataclass
class Chain:
    """One delivery's requests. Without a gap (our own servers) there are no leases."""

    leases: Leases
    holder: str
    """Unique to this delivery's message."""
    gap: timedelta
    deadlines: timedelta
    """Of its requests together."""
    asker: Asker
    now: Callable[[], datetime]
    dice: random.Random
    answer: Response | None = None
    """The last answer, whose wish for quiet is kept."""
    held: dict[str, Lease] = field(default_factory=dict)

    def admit(self, host: str) -> None:
        """Have the lease of a host. Raises HostBusyError if it is busy, or it or its group wants quiet."""
        if not self.gap or host in self.held:
            return
        now, group = self.now(), group_of(host, self.asker.groups)
        if group:
            self._heed(group, self.leases.quiet_until(group))
        if not (self.asker.asks_first(host) or self.asker.has_all_of(host)):
            self._heed(group or host, self.leases.quiet_until(group or host, self.asker.name))
        lease = self.leases.take(host, self.holder, now, self.deadlines + MARGIN + self.gap)
        if isinstance(lease, Held):
            raise HostBusyError(lease)
        self.held[host] = lease

    def _heed(self, name: str, quiet: datetime | None) -> None:
        if quiet and quiet > self.now():
            raise HostBusyError(Held(name, quiet, quiet=True))

    def leave(self, gaps: Mapping[str, timedelta] | None = None) -> None:
        """Give the leases back, each with the gap after it: its host's in `gaps`, else the usual one."""
        if not self.gap:
            return
        now, wants = self.now(), ""
        quiet = host_quiet_until(self.answer, now, self.dice) if self.answer else None
        if self.answer and quiet:
            host = target(self.answer.final_url).host
            group = group_of(host, self.asker.groups)
            if not self.asker.speaks_for(self.answer.final_url):
                self.leases.ask_quiet(group or host, quiet, self.asker.name)
            elif group:
                self.leases.ask_quiet(group, quiet)
            else:
                wants = host
        for host, lease in self.held.items():
            gap = (gaps or {}).get(host, self.gap)
            self.leases.give_back(lease, now, gap, quiet if host == wants else None)
        self.held.clear()
