"""What one article, revision, poll or call uses. Each figure names its bench; renew them together:

    python -m tests.bench bill           # measures, and prints what differs from here
    NEWSCAST_BENCH_SCALE=2.2 python -m tests.bench fetch_cost     # a poll, of feeds that bring so much

`assumed` is what cannot be measured without an account.
"""

from __future__ import annotations

# --- store (bill): DynamoDB units with indexes, bytes of rows with index copies and 100 bytes each
WRITES_NEW = 4.1
"""Of a new article without actors."""
WRITES_AN_EDGE = 1.0
"""More, for each actor of a new article."""
WRITES_A_REVISION = 2.1
"""Of a changed text with the same actors."""
WRITES_TO_COUNT = 1.0
"""Where a monthly ceiling is set, and not in other bills: of each round, and of each batch of store, so 0.1
for an article."""
READS_NEW, READS_A_REVISION = 2.0, 2.0
ROW_BYTES_NEW, ROW_BYTES_AN_EDGE, ROW_BYTES_A_REVISION = 2170.0, 268.0, 281.0
OBJECTS_A_BATCH = 1.0
"""Objects that store puts for a batch of ten new articles."""
OBJECT_BYTES = 2_510.0
"""In the bucket for an article or a revision."""

# --- polls (fetch_cost, at four scales; two equations for what entries add to an unchanged poll)
POLLS = ((0.0, 1.0, 0.05), (7.5, 10.3, 0.57), (16.5, 12.1, 0.83), (60.0, 14.4, 0.97))
"""Entries a day of a feed → its polls a day at a floor of 60 minutes, and the share that brings entries."""
WRITES_A_POLL, WRITES_A_CHANGED_POLL = 2.3, 3.5
"""The second is more, for a poll that brings entries; so below. With a seen set of two kilobytes, as feeds of
20 entries have after some days; the bench's are younger, and its figure is one unit less."""
READS_A_POLL = 2.7
SQS_A_POLL, SQS_A_CHANGED_POLL = 0.85, 1.1
CALLS_A_POLL = 0.32
"""Invocations of fetch: its batches are not full."""
ROW_BYTES_A_FEED = 5000.0
"""Its state (880 bytes), seen set and ledger, with the copy in the index: assumed."""

# --- milliseconds of a processor for one message (bill; fetch: feed_polls and its calls; page: full_text),
# without the embedded AWS, on the bench's machine; Lambda's may be slower
CPU_MS = {"schedule": 1.0, "fetch": 4.0, "normalise": 1.9, "page": 92.0, "tag": 1.9, "store": 2.5}
"""Of schedule: for a feed that is due, assumed; of fetch: for a poll."""
CPU_MS_A_CALL = 2.3
"""Of an invocation besides its messages."""
CPU_MS_COLD = 340.0
"""Of a cold start (imports)."""

# --- messages, in bytes (bill)
ENTRY_BYTES, ARTICLE_BYTES, RECORD_BYTES = 3510.0, 4240.0, 6810.0

# --- log, in bytes (bill, fetch_cost)
LOG_AN_ARTICLE = 285.0
"""A line in store."""
LOG_A_POLL = 400.0
LOG_A_CALL = 250.0
"""The summary line: 80 where nothing is a metric."""
LOG_LINE = 26.0
"""CloudWatch counts so many bytes more for each line. https://aws.amazon.com/cloudwatch/pricing/"""

# --- assumed
MONTH_DAYS = 30.0
POLLERS = 5
"""Pollers of Lambda at each queue, at rest too. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html"""
LONG_POLL_SECONDS = 20.0
"""A receive that finds nothing takes so long."""
BURST = 1.5
"""Entries of one poll that lie beside each other in the queue (fetch_cost: entries for each changed poll)."""
SERVER_SECONDS = 0.5
"""The slowest server of a batch."""
AWS_SECONDS = 0.005
"""A call of AWS that is waited for."""
AWS_CALLS = {"schedule": 0.3, "fetch": 4.0, "normalise": 0.2, "page": 6.0, "tag": 0.2, "store": 5.0}
"""Calls one after the other, for one message."""
COLD_STARTS = 0.01
"""Share of invocations."""
CHUNK_BYTES = 65_536
"""SQS bills each 64 KB of a call."""
REQUEST_BYTES = 2_500.0
"""Sent to a publisher for one page or poll, with TLS's handshake and TCP's acknowledgements."""
WARM_TAGGERS = 2.0
"""Containers of tag that look for the user's own actors."""
LOOKS_A_MONTH = MONTH_DAYS * 24 * 6
"""How often each does: every ten minutes (handlers.tag.LOOK_AGAIN)."""
KEY_SECONDS = 300.0
"""DynamoDB asks KMS so often for the table's key, for each role that is at work.
https://docs.aws.amazon.com/kms/latest/developerguide/services-dynamodb.html"""
KEY_USERS = 4
"""Roles that use the table."""
WRITES_A_PAGE, READS_A_PAGE = 4.0, 3.0
"""Claim, lease and rules of a host."""
TRACED_A_SECOND, TRACED_SHARE = 1.0, 0.05
"""X-Ray takes the first call of each second and a share of the others, for each function.
https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html"""
