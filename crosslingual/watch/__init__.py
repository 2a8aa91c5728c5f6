"""Feeds and folders that a user follows: polled when they are due, what came goes into the library."""
