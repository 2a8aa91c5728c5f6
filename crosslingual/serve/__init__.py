"""The library over HTTP, and what the app shares with that: the guard of requests, uploads, jobs."""
