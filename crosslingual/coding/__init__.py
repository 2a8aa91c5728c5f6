"""Passages coded by people with a codebook of their own: drawing, queues, agreement, adjudication, exchange."""
