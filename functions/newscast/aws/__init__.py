"""The edge to AWS: clients, the bucket, the sender and the consumer of queues, logs and metrics."""
