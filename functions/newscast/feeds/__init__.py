"""Subscriptions: what is due, what a response means, and bytes in, entries out."""
