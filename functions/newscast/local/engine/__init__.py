"""The embedded AWS's data plane: table items, queue messages and objects, answered from SQLite.

Each call touches what it names, so that it costs the same at any size of the state; it is checked against
AWS's limits, measured in AWS's units, and one transaction that is committed before it is answered. `gate` is
the door: it stands where botocore would open a connection. Below it `dynamodb`, `sqs` and `s3` speak each
service's language, and `table`, `queue` and `objects` hold what is kept (newscast.local.database has the
layout). moto has no part in this: it deploys the template once (newscast.local.deploy), and answers what
else a function may ask for.
"""
