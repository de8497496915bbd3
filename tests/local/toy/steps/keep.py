"""A row a word, counted: a word stored twice shows. Some words do harm."""

import os
import time
from typing import Any

from newscast.aws import clients

NAPS = {"sleep": 30, "nap": 1.1}


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    failed = []
    for record in event["Records"]:
        word = record["body"]
        if word == "crash":
            raise RuntimeError("crashed on purpose")
        if word in NAPS:
            time.sleep(NAPS[word])
        if word.startswith("bad"):
            failed.append({"itemIdentifier": record["messageId"]})
            continue
        if word.startswith("big"):
            clients.s3().put_object(Bucket=os.environ["BUCKET_NAME"], Key=f"words/{word}", Body=b"x" * 1000)
        clients.dynamodb().update_item(
            TableName=os.environ["TABLE_NAME"],
            Key={"PK": {"S": f"WORD#{word}"}, "SK": {"S": "ROW"}},
            UpdateExpression="ADD kept :one SET GSI1PK = :word, GSI1SK = :len",
            ExpressionAttributeValues={
                ":one": {"N": "1"},
                ":word": {"S": word[0]},
                ":len": {"N": str(len(word))},
            },
        )
    return {"batchItemFailures": failed}
