"""One request at a time to a host, and a gap between two: a lease in the table, shared by all fetchers.

A row `HOST#h / LEASE` says until when the host is busy or wants quiet. Taking it is one conditional
write; giving it back sets when the next request may be made. A fetcher that dies leaves a lease that
runs out by itself. Rows `HOST#h / QUIET#digest` and `HOST#h / TURN#digest` say of one asker until when the
host is quiet for it, and how many turns it has taken there.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError

from newscast.aws.conditions import condition_failed
from newscast.web.rows import expiry, number, time

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True)
class Lease:
    """The right to make one request to `host`, until `ends`."""

    host: str
    holder: str
    ends: datetime


@dataclass(frozen=True)
class Held:
    """Not now: the host is free again at `free_at`. `quiet`: because it asked for quiet."""

    host: str
    free_at: datetime
    quiet: bool


class HostBusyError(Exception):
    """A host on the way is busy or wants quiet."""

    def __init__(self, held: Held) -> None:
        super().__init__(held.host)
        self.held = held


@dataclass(frozen=True)
class Leases:
    """The leases of one table."""

    dynamodb: DynamoDBClient
    table: str

    def take(self, host: str, holder: str, now: datetime, lasts: timedelta) -> Lease | Held:
        """Take the lease of a host if it is free; `holder` is unique to this request."""
        ends = now + lasts
        try:
            self.dynamodb.update_item(
                TableName=self.table,
                Key=_key(host),
                # A row that TTL has not removed yet is free once its times are past.
                ConditionExpression=(
                    "(attribute_not_exists(busy_until) OR busy_until <= :now)"
                    " AND (attribute_not_exists(not_before) OR not_before <= :now)"
                ),
                UpdateExpression="SET busy_until = :ends, holder = :holder, expires_at = :expires",
                ExpressionAttributeValues={
                    ":now": number(now),
                    ":ends": number(ends),
                    ":holder": {"S": holder},
                    ":expires": expiry(ends),
                },
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if not condition_failed(error):
                raise
            row = cast("dict[str, Any]", error.response.get("Item", {}))
            if _is_mine(row, holder, ends):
                return Lease(host, holder, ends)
            busy = time(row.get("busy_until")) or now
            quiet = time(row.get("not_before")) or now
            return Held(host, max(busy, quiet, now), quiet=quiet > busy)
        return Lease(host, holder, ends)

    def give_back(
        self, lease: Lease, now: datetime, gap: timedelta, quiet_until: datetime | None = None
    ) -> None:
        """End a lease: the host is free after the gap, or after the quiet that it asked for.

        Does nothing for a lease that ran out and is another's by now.
        """
        free = now + gap
        names = "SET busy_until = :free, expires_at = :expires"
        values: dict[str, Any] = {
            ":free": number(free),
            ":me": {"S": lease.holder},
            ":expires": expiry(max(free, quiet_until or free)),
        }
        if quiet_until:
            names += ", not_before = :quiet"
            values[":quiet"] = number(quiet_until)
        try:
            self.dynamodb.update_item(
                TableName=self.table,
                Key=_key(lease.host),
                ConditionExpression="holder = :me",
                UpdateExpression=names,
                ExpressionAttributeValues=values,
            )
        except ClientError as error:
            if not condition_failed(error):
                raise

    def ask_quiet(self, host: str, until: datetime, asker: str | None = None) -> None:
        """A host or a configured group wants no request before `until`, of anybody or of one asker; an
        earlier wish is kept."""
        try:
            self.dynamodb.update_item(
                TableName=self.table,
                Key=_key(host, "QUIET", asker),
                ConditionExpression="attribute_not_exists(not_before) OR not_before < :until",
                UpdateExpression="SET not_before = :until, expires_at = :expires",
                ExpressionAttributeValues={":until": number(until), ":expires": expiry(until)},
            )
        except ClientError as error:
            if not condition_failed(error):
                raise

    def turn(
        self, host: str, now: datetime, apart: timedelta, latest: datetime, asker: str | None = None
    ) -> datetime | None:
        """When it is one's turn at a host that many want: `apart` after the last turn given out; null if that
        would be after `latest`. With an asker, after the last that was given to it.

        Like a number drawn at a counter: each of a hundred who wait is sent again once or twice, where
        each trying again after a while would cost writes a try. A turn is no right to the lease.
        """
        try:
            row = self.dynamodb.update_item(
                TableName=self.table,
                Key=_key(host, "TURN", asker),
                ConditionExpression="last_turn > :now AND last_turn <= :latest",
                UpdateExpression="SET last_turn = last_turn + :apart",
                ExpressionAttributeValues={
                    ":now": number(now),
                    ":latest": number(latest - apart),
                    ":apart": {"N": f"{apart.total_seconds():.3f}"},
                },
                ReturnValues="UPDATED_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )["Attributes"]
            return time(row["last_turn"])
        except ClientError as error:
            if not condition_failed(error):
                raise
            last = time(cast("dict[str, Any]", error.response.get("Item", {})).get("last_turn")) or now
            if last > now:
                return None
        # Nobody waits. Two who find that at once get the same turn, and one of them another later.
        first = now + apart
        self.dynamodb.update_item(
            TableName=self.table,
            Key=_key(host, "TURN", asker),
            UpdateExpression="SET last_turn = :first, expires_at = :expires",
            ExpressionAttributeValues={":first": number(first), ":expires": expiry(latest)},
        )
        return first

    def quiet_until(self, host: str, asker: str | None = None) -> datetime | None:
        """Until when a host or group wants quiet, of anybody or of one asker, by an eventually consistent
        read."""
        key = _key(host, "QUIET", asker)
        row = self.dynamodb.get_item(TableName=self.table, Key=key, ProjectionExpression="not_before").get(
            "Item", {}
        )
        return time(row.get("not_before"))


def _is_mine(row: dict[str, Any], holder: str, ends: datetime) -> bool:
    # botocore's second attempt, after an answer that was lost, meets what the first one wrote. As numbers,
    # since DynamoDB drops trailing zeros.
    return (
        row.get("holder") == {"S": holder}
        and "busy_until" in row
        and float(row["busy_until"]["N"]) == float(number(ends)["N"])
    )


def _key(host: str, of: str = "LEASE", asker: str | None = None) -> dict[str, Any]:
    """Of a host's lease, or of what is kept of one asker there."""
    row = "LEASE"
    if asker is not None:
        row = f"{of}#{hashlib.sha256(asker.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"
    return {"PK": {"S": f"HOST#{host}"}, "SK": {"S": row}}
