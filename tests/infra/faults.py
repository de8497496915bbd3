"""Faults planted in a copy of infra/template.yaml, and the check that must find each.

Every one deploys badly or works badly on AWS; what a linter sees of them is measured by
`python -m tests.bench template_faults`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from infra.checks import Stack

from newscast.local.problem import TemplateError
from newscast.local.template import parse, translate

TEMPLATE = Path(__file__).parents[2] / "infra" / "template.yaml"
LINT = "lint"
TRANSLATION = "translation"


@dataclass(frozen=True)
class Fault:
    """`old` is replaced by `new`, everywhere or the first `times` times; `found_by` names who finds it."""

    name: str
    found_by: str
    old: str
    new: str
    times: int = 1

    def plant(self) -> str:
        """The template with the fault in it. Raises ValueError if it no longer fits the template."""
        text = TEMPLATE.read_text(encoding="utf-8")
        if self.old not in text:
            raise ValueError(f"{self.name}: the template no longer has {self.old!r}")
        return text.replace(self.old, self.new, self.times)


def stack(text: str) -> Stack:
    """A template's text, translated as the checks look at it. Raises TemplateError."""
    return Stack(translate(parse(text), TEMPLATE.parent, "us-east-1"))


def translates(text: str) -> str | None:
    """None, or why a template isn't translated."""
    try:
        stack(text)
    except TemplateError as error:
        return str(error)
    return None


_FETCH_QUEUE = "  FeedQueue:\n    Type: AWS::SQS::Queue\n    Properties:\n"
_STORE_REDRIVE = """        deadLetterTargetArn: !GetAtt StoreDeadLetters.Arn
        maxReceiveCount: !FindInMap [Delivery, Messages, MaxReceives]
"""

_SOURCE_KEY = "            - {AttributeName: SourcePK, KeyType: HASH}\n"

FAULTS: tuple[Fault, ...] = (
    # What notes of the field say that no linter sees.
    Fault(
        "a batch of 25 without a window",
        "batch and window",
        "BatchSize: 25\n            MaximumBatchingWindowInSeconds: 60\n",
        "BatchSize: 25\n",
    ),
    Fault(
        "a batch that dear texts keep longer than it may last",
        "time of dear texts",
        "BatchSize: 25  # as for normalise",
        "BatchSize: 50",
    ),
    Fault(
        "a function without the memory for its worker",
        "memory of dear texts",
        "MemorySize: 1024  # 110 MB, and up to",
        "MemorySize: 512  # 110 MB, and up to",
    ),
    Fault("rate(5 minute)", "schedules", "Default: rate(5 minutes)", "Default: rate(5 minute)"),
    Fault(
        "a handler that isn't there",
        "handlers",
        "newscast.handlers.store.handler",
        "newscast.handlers.shop.handler",
    ),
    Fault(
        "a handler without its function",
        "handlers",
        "newscast.handlers.store.handler",
        "newscast.handlers.store.run",
    ),
    Fault(
        "maxReceiveCount 0",
        "redrive",
        _STORE_REDRIVE,
        _STORE_REDRIVE.replace("!FindInMap [Delivery, Messages, MaxReceives]", "0"),
    ),
    Fault("maxReceiveCount 3 everywhere", "redrive", "MaxReceives: 5", "MaxReceives: 3"),
    Fault(
        "a dashboard whose JSON is cut",
        "dashboard",
        '{\n          "widgets": [',
        '{\n          "widgets": [,',
    ),
    Fault(
        "a dashboard of a queue that was renamed",
        "dashboard",
        '"QueueName", "${FeedQueue.QueueName}"',
        '"QueueName", "polls"',
    ),
    Fault("a dashboard of what nobody counts", "dashboard", '"Polled"', '"Polls"'),
    Fault(
        "a dashboard of all installations",
        "dashboard",
        '["Newscast/${Stage}", "Polled"',
        '["Newscast", "Polled"',
    ),
    Fault(
        "an alarm of all installations",
        "alarms",
        'Namespace: !Sub "Newscast/${Stage}"\n      MetricName: ClaimsFailed',
        "Namespace: Newscast\n      MetricName: ClaimsFailed",
    ),
    Fault(
        "no grant to send on",
        "policies",
        "[!GetAtt RecordQueue.Arn, !GetAtt TagDeadLetters.Arn]",
        "!GetAtt TagDeadLetters.Arn",
    ),
    Fault(
        "no grant to bury",
        "policies",
        "[!GetAtt ArticleQueue.Arn, !GetAtt PageQueue.Arn, !GetAtt NormaliseDeadLetters.Arn]",
        "[!GetAtt ArticleQueue.Arn, !GetAtt PageQueue.Arn]",
    ),
    Fault(
        "a grant on another's log",
        "policies",
        "Resource: !GetAtt StoreLog.Arn",
        "Resource: !GetAtt TagLog.Arn",
    ),
    Fault(
        "a grant on everything",
        "own roles",
        '- !Sub ["${Arn}/index/GSI1", {Arn: *TableArn}]',
        '- "*"',
    ),
    Fault(
        "one role for two functions",
        "own roles",
        "Role: !GetAtt TagRole.Arn",
        "Role: !GetAtt NormaliseRole.Arn",
    ),
    # Delivery.
    Fault("given up within minutes", "redrive", "VisibilityTimeout: 420", "VisibilityTimeout: 60", times=3),
    Fault("visible again while at work", "visibility", "VisibilityTimeout: 780", "VisibilityTimeout: 420"),
    Fault(
        "no partial answers",
        "partial answers",
        "            FunctionResponseTypes: [ReportBatchItemFailures]\n",
        "",
    ),
    Fault(
        "no limit on concurrency",
        "concurrency",
        "            ScalingConfig: {MaximumConcurrency: !Ref FetchConcurrency}\n",
        "",
    ),
    Fault(
        "reserved concurrency on a reader",
        "concurrency",
        "      RecursiveLoop: Allow\n",
        "      RecursiveLoop: Allow\n      ReservedConcurrentExecutions: 2\n",
    ),
    Fault("a poll sent again is taken for a loop", "flow", "      RecursiveLoop: Allow\n", ""),
    Fault(
        "a page that waits is taken for a loop",
        "flow",
        "own queue, with a delay.\n      RecursiveLoop: Allow\n",
        "own queue, with a delay.\n",
    ),
    Fault(
        "pages that are wanted go nowhere",
        "flow",
        "PAGE_QUEUE_URL: !Ref PageQueue",
        "PAGE_QUEUE_URL: !Ref PageDeadLetters",
    ),
    Fault("no dead-letter queue", "redrive", "      RedrivePolicy:\n" + _STORE_REDRIVE, ""),
    Fault(
        "dead letters kept 4 days",
        "retention",
        "{MessageRetentionPeriod: 1209600, ",
        "{MessageRetentionPeriod: 345600, ",
    ),
    Fault(
        "messages kept as long as dead letters",
        "retention",
        "MessageRetentionPeriod: 345600",
        "MessageRetentionPeriod: 1209600",
    ),
    Fault(
        "a stage buries in another's queue",
        "last delivery",
        "DEAD_LETTER_QUEUE_URL: !Ref TagDeadLetters",
        "DEAD_LETTER_QUEUE_URL: !Ref StoreDeadLetters",
    ),
    Fault(
        "a consumer counts deliveries its own way",
        "last delivery",
        "MAX_RECEIVES: !FindInMap [Delivery, Messages, MaxReceives]",
        "MAX_RECEIVES: 6",
    ),
    Fault(
        "claims expire before dead letters",
        "claims",
        "Prefix: claim/, ExpirationInDays: 30",
        "Prefix: claim/, ExpirationInDays: 7",
    ),
    Fault(
        "articles' bodies expire too",
        "claims",
        "Prefix: claim/, ExpirationInDays",
        'Prefix: "", ExpirationInDays',
    ),
    Fault(
        "a stage sends to the wrong queue",
        "flow",
        "OUT_QUEUE_URL: !Ref RecordQueue",
        "OUT_QUEUE_URL: !Ref StoreDeadLetters",
    ),
    Fault(
        "two functions read one queue",
        "readers",
        "Queue: !GetAtt RecordQueue.Arn",
        "Queue: !GetAtt ArticleQueue.Arn",
    ),
    # Environment.
    Fault(
        "a variable that nobody reads", "environment", "          HOST_GAP_SECONDS:", "          HOST_GAP:"
    ),
    Fault("no queue to send on to", "environment", "          OUT_QUEUE_URL: !Ref ArticleQueue\n", ""),
    Fault(
        "an absurd value",
        "environment",
        "    Default: 5\n    MinValue: 1\n",
        "    Default: -5\n    MinValue: -9\n",
    ),
    Fault("a runtime that the zips are not for", "runtime", "Runtime: python3.13", "Runtime: python3.12"),
    Fault(
        "a role that nothing takes",
        "unused roles",
        "  ScheduleLog:\n",
        "  SpareRole:\n    Type: AWS::IAM::Role\n    Properties:\n"
        "      AssumeRolePolicyDocument: {Statement: []}\n  ScheduleLog:\n",
    ),
    # Manners.
    Fault(
        "a host may be asked without a gap",
        "manners",
        "    Default: 5\n    MinValue: 1\n",
        "    Default: 5\n    MinValue: 0\n",
    ),
    Fault("delays that SQS refuses", "manners", "MaxValue: 900", "MaxValue: 3600"),
    Fault("a round that ends after the next began", "manners", "Default: 240", "Default: 400"),
    Fault(
        "groups with spaces, which match no host",
        "host groups",
        "([,;]([a-z0-9-]+",
        "([,; ]+([a-z0-9-]+",
    ),
    Fault(
        "fetch can't ask for a job",
        "environment",
        "OUT_QUEUE_URL: !Ref EntryQueue\n          RECORD_QUEUE_URL: !Ref RecordQueue\n",
        "OUT_QUEUE_URL: !Ref EntryQueue\n",
    ),
    Fault(
        "a job that goes on is taken for a loop",
        "flow",
        "own queue.\n      RecursiveLoop: Allow\n",
        "own queue.\n",
    ),
    Fault(
        "no grant to go on",
        "policies",
        "[!GetAtt RecordQueue.Arn, !GetAtt StoreDeadLetters.Arn]",
        "!GetAtt StoreDeadLetters.Arn",
    ),
    Fault("fetch knows no groups", "environment", "          HOST_GROUPS: !Ref HostGroups\n", ""),
    # Keeping.
    Fault(
        "no recovery to a point in time",
        "table",
        "PointInTimeRecoveryEnabled: true",
        "PointInTimeRecoveryEnabled: false",
    ),
    Fault(
        "leases that never expire",
        "table",
        "AttributeName: expires_at, Enabled: true",
        "AttributeName: expires, Enabled: true",
    ),
    Fault(
        "an index is missing its sort key",
        "table",
        _SOURCE_KEY + "            - {AttributeName: Filed, KeyType: RANGE}\n",
        _SOURCE_KEY,
    ),
    Fault(
        "an index whose projection will have to change",
        "table",
        "NonKeyAttributes: [shown]",
        "NonKeyAttributes: [title, url]",
    ),
    Fault("an index that nothing asks", "table", "  HasGSI2: !Not [", "  HasGSI2: !Or [!Condition HasDays, "),
    Fault(
        "the bucket is readable without TLS",
        "bucket",
        'aws:SecureTransport: "false"',
        'aws:SecureTransport: "true"',
    ),
    Fault(
        "old versions of bodies stay",
        "bucket",
        "      OwnershipControls:\n",
        "      VersioningConfiguration: {Status: Enabled}\n      OwnershipControls:\n",
    ),
    Fault(
        "bodies can't be erased",
        "bucket",
        "      OwnershipControls:\n",
        "      ObjectLockEnabled: true\n      OwnershipControls:\n",
    ),
    Fault("the bucket may be made public", "bucket", "        RestrictPublicBuckets: true\n", ""),
    Fault(
        "articles go with the stack",
        "survival",
        "    DeletionPolicy: RetainExceptOnCreate\n",
        "    DeletionPolicy: Delete\n",
    ),
    Fault(
        "a failed creation leaves the bucket",
        "survival",
        "    Condition: MakesBucket\n    DeletionPolicy: RetainExceptOnCreate\n",
        "    Condition: MakesBucket\n    DeletionPolicy: Retain\n",
    ),
    Fault("protected from the start", "survival", 'Default: "off"', 'Default: "on"'),
    Fault(
        "a table that can't be protected",
        "survival",
        "[IsProtected, true, false]",
        "[IsProtected, false, false]",
    ),
    Fault("articles kept for a week", "retention days", "'0|[3-9][0-9]|", "'[0-9]|[3-9][0-9]|"),
    Fault("articles kept for too long", "retention days", "36[0-4][0-9]|3650'", "3[6-9][0-9]{2}'"),
    Fault("nobody may keep for a year", "retention days", "[1-9][0-9]{2}|", ""),
    Fault("a kept table is not used", "kept", "!If [MakesTable, !Ref Table, !Ref KeptTable]", "!Ref Table"),
    Fault("a kept table is made again", "kept", "    Condition: MakesTable\n", ""),
    Fault(
        "an output of a bucket that isn't made",
        "kept",
        "bodies, Value: *BucketName}",
        "bodies, Value: !Ref Bucket}",
    ),
    Fault(
        "a role on a table that isn't made", "kept", "Resource: *TableArn\n", "Resource: !GetAtt Table.Arn\n"
    ),
    Fault(
        "a role on a bucket that isn't made",
        "kept",
        '!Sub ["${Arn}/actors/*", {Arn: *BucketArn}]',
        '!Sub "${Bucket.Arn}/actors/*"',
    ),
    Fault(
        "a queue that is not encrypted",
        "queue encryption",
        "SqsManagedSseEnabled: true",
        "SqsManagedSseEnabled: false",
    ),
    Fault("logs kept for ever", "logs", ", RetentionInDays: !Ref LogRetentionDays", ""),
    # Watching.
    Fault(
        "a dead-letter queue without its alarm",
        "alarms",
        "Value: !GetAtt TagDeadLetters.QueueName",
        "Value: !GetAtt StoreDeadLetters.QueueName",
    ),
    Fault("an alarm that tells nobody", "alarms", "      AlarmActions: [!Ref AlarmTopic]\n", ""),
    Fault(
        "an alarm that fires at rest",
        "alarms",
        "TreatMissingData: notBreaching",
        "TreatMissingData: breaching",
    ),
    Fault(
        "nobody looks whether anything is polled",
        "alarms",
        "MetricName: Polled}",
        "MetricName: Stored}",
    ),
    Fault(
        "silence that is no alarm", "alarms", "TreatMissingData: breaching", "TreatMissingData: notBreaching"
    ),
    Fault("an alarm of what nobody counts", "alarms", "MetricName: ClaimsFailed", "MetricName: FailedClaims"),
    Fault(
        "claims that fail are told to nobody",
        "alarms",
        "MetricName: ClaimsFailed\n",
        "MetricName: Failures\n",
    ),
    Fault(
        "nobody is told that polling is slowed",
        "alarms",
        "MetricName: Slowed\n",
        "MetricName: Stored\n",
    ),
    Fault(
        "who has no ceiling pays for its alarm",
        "ceiling",
        "    Condition: HasCeiling\n",
        "",
    ),
    Fault("a ceiling of cents", "ceiling", "'0|[1-9][0-9]{0,4}'", "'[0-9.]+'"),
    Fault(
        "articles don't count towards the ceiling",
        "environment",
        "          MONTHLY_CEILING: !Ref MonthlyCeiling  # whether to count towards it\n",
        "",
    ),
    Fault(
        "an alarm by a dimension that is no more",
        "alarms",
        "MetricName: Due}",
        "MetricName: Due, Dimensions: [{Name: service, Value: schedule}]}",
    ),
    Fault(
        "claims that fail each hour are told to nobody",
        "alarms",
        "EvaluationPeriods: 288\n      DatapointsToAlarm: 2",
        "EvaluationPeriods: 2",
    ),
    Fault(
        "a batch that crashes fetch every 16 minutes is told to nobody",
        "alarms",
        "EvaluationPeriods: 8\n      DatapointsToAlarm: 2",
        "EvaluationPeriods: 2",
    ),
    Fault("an alarm that looks back too far", "alarms", "EvaluationPeriods: 288", "EvaluationPeriods: 289"),
    Fault(
        "an alarm of many that doesn't say which",
        "alarms",
        "Messages wait for more than an hour. Which function has fallen behind is the highest line in the"
        " alarm's\n        graph, named by its stage; its log says what it does. Is it throttled"
        " (Lambda's metric Throttles), or the\n        table (DynamoDB's WriteThrottleEvents)?"
        " Then ask AWS for more, or lower the Concurrency parameters.",
        "Messages wait.",
    ),
    Fault(
        "a metric that is paid twice",
        "alarms",
        "MetricName: ClaimsFailed\n      Statistic",
        "MetricName: Due\n      Statistic",
    ),
    Fault(
        "a function whose crashes are told to nobody",
        "alarms",
        "        - Id: page\n          ReturnData: false\n          MetricStat:\n"
        "            Metric: {Namespace: AWS/Lambda, MetricName: Errors",
        "        - Id: page\n          ReturnData: false\n          MetricStat:\n"
        "            Metric: {Namespace: AWS/Lambda, MetricName: Invocations",
    ),
    Fault(
        "a dashboard that nobody asked for",
        "dashboard",
        "    Condition: HasDashboard\n    Properties",
        "    Properties",
    ),
    Fault("traces that nobody asked for", "runtime", "!If [IsTraced, Active, PassThrough]", "Active"),
    Fault("traces that nobody can have", "runtime", "!If [IsTraced, Active, PassThrough]", "PassThrough"),
    Fault(
        "a topic that alarms can't reach",
        "topic",
        "    Type: AWS::SNS::Topic\n",
        "    Type: AWS::SNS::Topic\n    Properties: {KmsMasterKeyId: alias/aws/sns}\n",
    ),
    Fault(
        "failed runs are lost",
        "failed calls",
        "        DestinationConfig:\n"
        "          OnFailure: {Type: SQS, Destination: !GetAtt ScheduleDeadLetters.Arn}\n",
        "",
    ),
    Fault(
        "failed calls of the scheduler are lost",
        "schedules",
        "            DeadLetterConfig: {Arn: !GetAtt ScheduleDeadLetters.Arn}\n",
        "",
    ),
    Fault("rates that AWS refuses", "parameters", "    AllowedPattern: 'rate", "    IgnoredPattern: 'rate"),
    Fault("one name in every stage", "names", "newscast-${Stage}-round", "newscast-round"),
    # What the translator or cfn-lint finds without our help.
    Fault(
        "a reference to nothing", LINT, "OUT_QUEUE_URL: !Ref EntryQueue", "OUT_QUEUE_URL: !Ref EntriesQueue"
    ),
    Fault("a value of the wrong type", LINT, "Timeout: 60", "Timeout: soon"),
    Fault(
        "an attribute that doesn't exist",
        LINT,
        "!GetAtt StoreDeadLetters.QueueName",
        "!GetAtt StoreDeadLetters.Name",
    ),
    Fault("a property that is misspelt", LINT, "SqsManagedSseEnabled: true", "SqsManagedSSE: true"),
    Fault(
        "a function without code to run", TRANSLATION, "      Handler: newscast.handlers.tag.handler\n", ""
    ),
    Fault("an event of no kind", TRANSLATION, "          Type: ScheduleV2\n", "          Type: Schedule3\n"),
)
