"""The leases of one chain of requests: each host's taken before it is asked, all given back at its end.

What the last answer asks for, quiet for its host and its host's group, is kept as they are given back.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from newscast import sites
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
    groups: str
    """Hosts behind one limit, as in the setting."""
    now: Callable[[], datetime]
    dice: random.Random
    answer: Response | None = None
    """The last answer, whose wish for quiet is kept."""
    held: dict[str, Lease] = field(default_factory=dict)

    def admit(self, host: str) -> None:
        """Have the lease of a host. Raises HostBusyError if it is busy, or it or its group wants quiet."""
        if not self.gap or host in self.held:
            return
        now, group = self.now(), group_of(host, self.groups)
        if group and (quiet := self.leases.quiet_until(group)) and quiet > now:
            raise HostBusyError(Held(group, quiet, quiet=True))
        lease = self.leases.take(host, self.holder, now, self.deadlines + MARGIN + self.gap)
        if isinstance(lease, Held):
            raise HostBusyError(lease)
        self.held[host] = lease

    def leave(self, gaps: Mapping[str, timedelta] | None = None) -> None:
        """Give the leases back, each with the gap after it: its host's in `gaps`, else the usual one."""
        if not self.gap:
            return
        now, last = self.now(), ""
        quiet = host_quiet_until(self.answer, now, self.dice) if self.answer else None
        if self.answer and quiet:
            last = target(self.answer.final_url).host
            if group := group_of(last, self.groups):
                self.leases.ask_quiet(group, quiet)
            else:
                last = _charged(self.answer)
        for host, lease in self.held.items():
            gap = (gaps or {}).get(host, self.gap)
            self.leases.give_back(lease, now, gap, quiet if host == last else None)
        self.held.clear()


def _charged(answer: Response) -> str:
    """The host that a wish for quiet is of: who leads to another's site must not silence that one."""
    first = answer.hops[0].url if answer.hops else answer.final_url
    return target(answer.final_url if sites.same_site(first, answer.final_url) else first).host
