"""`{"words": [...], "delay": seconds}` → a message a word."""

import os
from typing import Any

from newscast.aws import clients


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    if event.get("fail"):
        raise ValueError(event["fail"])
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
