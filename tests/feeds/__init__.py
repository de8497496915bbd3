"""Subscriptions and what is in a feed."""
