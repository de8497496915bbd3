"""`{"words": [...], "delay": seconds}` → a message a word."""

import os
from typing import Any

from newscast.aws import clients


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    if event.get("fail"):
        raise ValueError(event["fail"])
    if event.get("tell"):
        return {
            "environment": dict(os.environ),
            "remaining_ms": context.get_remaining_time_in_millis(),
            "request_id": context.aws_request_id,
        }
    if table := event.get("forbidden"):
        return dict(clients.dynamodb().get_item(TableName=table, Key={"PK": {"S": "a"}, "SK": {"S": "b"}}))
    words = event["words"]
    for start in range(0, len(words), 10):
        clients.sqs().send_message_batch(
            QueueUrl=os.environ["OUT_QUEUE_URL"],
            Entries=[
                {"Id": str(at), "MessageBody": word, "DelaySeconds": event.get("delay", 0)}
                for at, word in enumerate(words[start : start + 10])
            ],
        )
    print(os.environ["GREETING"], len(words), "words")
    return {"sent": len(words)}
