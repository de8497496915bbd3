"""Changes of infra/template.yaml that break the upgrade from the last release, and what is said of each."""

from __future__ import annotations

from dataclasses import dataclass

from tests.infra.faults import Fault


@dataclass(frozen=True)
class UpgradeFault:
    """`says` is a part of the finding that the change must give."""

    fault: Fault
    says: str


def _upgrade(name: str, old: str, new: str, says: str, times: int = 1) -> UpgradeFault:
    return UpgradeFault(Fault(name, "upgrade", old, new, times), says)


_TABLE = "    Type: AWS::DynamoDB::Table\n    Condition: MakesTable\n"
_TABLE_PROPERTIES = "    Properties:\n      BillingMode: PAY_PER_REQUEST\n"
_BUCKET_PROPERTIES = "    UpdateReplacePolicy: Retain\n    Properties:\n      BucketEncryption:\n"
_QUEUE = "  EntryQueue:\n    Type: AWS::SQS::Queue\n    Properties:\n"
_LETTERS = "  TagDeadLetters:\n    Type: AWS::SQS::Queue\n    Properties: {"
_SOURCES = "        - IndexName: Sources  # articles by source and time\n"

UPGRADE_FAULTS: tuple[UpgradeFault, ...] = (
    # The table.
    _upgrade(
        "the table is renamed",
        "  Table:\n" + _TABLE,
        "  Table: {Type: AWS::SNS::Topic}\n  NewsTable:\n" + _TABLE,
        "Table: it is dropped or renamed, and its articles are lost",
    ),
    _upgrade(
        "the table is left out unless asked for",
        '  MakesTable: !Equals [!Ref KeptTable, ""]',
        '  MakesTable: !Not [!Equals [!Ref KeptTable, ""]]',
        "Table: it is dropped or renamed",
    ),
    _upgrade(
        "the table gets a name",
        _TABLE_PROPERTIES,
        _TABLE_PROPERTIES + '      TableName: !Sub "newscast-${Stage}"\n',
        "Table: a change of TableName makes a new one",
    ),
    _upgrade(
        "the table gets another sort key",
        "        - {AttributeName: SK, KeyType: RANGE}\n",
        "        - {AttributeName: GSI1SK, KeyType: RANGE}\n",
        "Table: a change of KeySchema makes a new one",
    ),
    _upgrade(
        "an index holds one attribute more",
        "involvement, filed, host, minutes]",
        "involvement, filed, host, minutes, part]",
        "Table: Projection of index GSI1 can't be changed",
    ),
    _upgrade(
        "an index on the way holds one attribute less",
        "publisher, actors, actor_count]\n",
        "publisher, actors]\n",
        "Table: Projection of index GSI2 can't be changed",
    ),
    _upgrade(
        "an index gets another key",
        "            - {AttributeName: GSI1SK, KeyType: RANGE}\n",
        "            - {AttributeName: Filed, KeyType: RANGE}\n",
        "Table: KeySchema of index GSI1 can't be changed",
    ),
    _upgrade(
        "both indexes at once",
        "HasDays: !Not [!Equals [!Ref UpgradeStep, add-sources]]",
        "HasDays: !Not [!Equals [!Ref UpgradeStep, never]]",
        "Table: more than one index is added or dropped at once: Days, Sources",
    ),
    _upgrade(
        "no step between",
        "AllowedValues: [add-sources, add-days, done]",
        "AllowedValues: [add-sources, done]",
        "Table: more than one index is added or dropped at once: Days, GSI2",
    ),
    _upgrade(
        "an index is renamed at the next step",
        _SOURCES,
        "        - IndexName: !If [HasGSI2, Sources, BySource]\n",
        "Table: more than one index is added or dropped at once: BySource, GSI2, Sources",
    ),
    _upgrade(
        "the feeds' index is dropped",
        "        - IndexName: GSI1\n",
        "        - IndexName: GSI3\n",
        "Table: index GSI1 is dropped",
    ),
    _upgrade(
        "keys of an index that isn't there yet are defined",
        "        - !If [HasDays, {AttributeName: DayPK, AttributeType: S}, !Ref AWS::NoValue]\n",
        "        - {AttributeName: DayPK, AttributeType: S}\n",
        "Table: DayPK is no key",
    ),
    _upgrade(
        "a key of an index that is still there is not defined",
        "        - !If [HasGSI2, {AttributeName: GSI2SK, AttributeType: S}, !Ref AWS::NoValue]\n",
        "",
        "Table: GSI2SK is not defined",
    ),
    _upgrade(
        "a key becomes a number",
        "{AttributeName: GSI1SK, AttributeType: S}",
        "{AttributeName: GSI1SK, AttributeType: N}",
        "Table: GSI1SK was of type S",
    ),
    _upgrade(
        "rows expire by another attribute",
        "AttributeName: expires_at, Enabled: true",
        "AttributeName: gone_at, Enabled: true",
        "Table: expiry by gone_at needs two updates",
    ),
    _upgrade(
        "the table goes with the stack",
        "DeletionPolicy: RetainExceptOnCreate",
        "DeletionPolicy: Delete",
        "Table: DeletionPolicy is Delete, and was Retain",
    ),
    _upgrade(
        "a table that is replaced is deleted",
        "    UpdateReplacePolicy: Retain\n",
        "",
        "Table: UpdateReplacePolicy is none, and was Retain",
    ),
    _upgrade(
        "a new stack begins before the last step",
        "    Default: done\n",
        "    Default: add-days\n",
        "a new stack is not what the last value of UpgradeStep makes",
    ),
    _upgrade(
        "a review of what no longer is",
        "  HasGSI2: !Not [!Equals [!Ref UpgradeStep, done]]",
        "  HasGSI2: !Not [!Equals [!Ref UpgradeStep, never]]",
        "reviewed, but no longer found: Table: index GSI2 is dropped",
    ),
    # The bucket.
    _upgrade(
        "the bucket gets a name",
        _BUCKET_PROPERTIES,
        _BUCKET_PROPERTIES.replace("BucketEnc", 'BucketName: !Sub "newscast-${Stage}"\n      BucketEnc'),
        "Bucket: a change of BucketName makes a new one, and its bodies are lost",
    ),
    _upgrade(
        "the bucket is left out unless asked for",
        '  MakesBucket: !Equals [!Ref KeptBucket, ""]',
        '  MakesBucket: !Not [!Equals [!Ref KeptBucket, ""]]',
        "Bucket: it is dropped or renamed",
    ),
    # Queues, logs, subscriptions.
    _upgrade(
        "a queue keeps its order",
        _QUEUE,
        _QUEUE + "      FifoQueue: true\n",
        "EntryQueue: a change of FifoQueue makes a new one, and its messages are lost",
    ),
    _upgrade(
        "a queue gets a name",
        _LETTERS,
        _LETTERS + "QueueName: !Sub 'newscast-${Stage}-letters', ",
        "TagDeadLetters: a change of QueueName makes a new one",
    ),
    _upgrade(
        "a queue is renamed",
        "RecordQueue",
        "TaggedQueue",
        "RecordQueue: it is dropped or renamed, and its messages are lost",
        -1,
    ),
    _upgrade(
        "a queue keeps messages a day",
        "      VisibilityTimeout: 960\n      MessageRetentionPeriod: 345600\n",
        "      VisibilityTimeout: 960\n      MessageRetentionPeriod: 86400\n",
        "FeedQueue: messages older than 86400 s are lost",
    ),
    _upgrade(
        "a log is renamed",
        "/aws/lambda/newscast-${Stage}-tag",
        "/newscast/${Stage}/tag",
        "TagLog: a change of LogGroupName makes a new one, and its logs are lost",
    ),
    _upgrade(
        "the topic is renamed",
        "AlarmTopic",
        "Alarms",
        "AlarmTopic: it is dropped or renamed, and its subscriptions are lost",
        -1,
    ),
    # Names.
    _upgrade(
        "a function is renamed and keeps its name",
        "StoreFunction",
        "KeepFunction",
        "KeepFunction is made under the name that StoreFunction still has",
        -1,
    ),
    _upgrade(
        "a function is replaced under its name",
        "      FunctionName: !Sub newscast-${Stage}-tag\n",
        "      FunctionName: !Sub newscast-${Stage}-tag\n      DurableConfig: {ExecutionTimeout: 60}\n",
        "TagFunction: a change of DurableConfig makes a new one, refused while the name is the same",
    ),
    # Parameters and outputs.
    _upgrade("a parameter is renamed", "HostGapSeconds", "HostGap", "parameter HostGapSeconds is gone", -1),
    _upgrade(
        "a new parameter that must be given",
        '    Default: "0"\n',
        "",
        "parameter RetentionDays is new and has no default",
    ),
    _upgrade(
        "a default that changes",
        "    Default: never\n",
        "    Default: auto\n",
        "parameter FullText: Default is auto, and was never",
    ),
    _upgrade(
        "a value that is no longer taken",
        "AllowedValues: [auto, always, never]",
        "AllowedValues: [auto, never]",
        "parameter FullText no longer takes always",
    ),
    _upgrade(
        "a pattern that changes",
        '    AllowedPattern: "[a-z][a-z0-9]{0,15}"\n',
        '    AllowedPattern: "[a-z]{1,16}"\n',
        "parameter Stage: AllowedPattern is [a-z]{1,16}",
    ),
    _upgrade("a bound that is raised", "MinValue: 60\n", "MinValue: 120\n", "MinValue is 120, and was 60"),
    _upgrade("a bound that is lowered", "MaxValue: 168", "MaxValue: 24", "MaxValue is 24, and was 168"),
    _upgrade(
        "another type of parameter",
        "  SilenceHours:\n    Type: Number\n",
        "  SilenceHours:\n    Type: String\n",
        "parameter SilenceHours: Type is String, and was Number",
    ),
    _upgrade(
        "an output is gone", "  FeedQueueUrl: {Desc", "  PollQueueUrl: {Desc", "output FeedQueueUrl is gone"
    ),
)
