"""Asking a provider whether a secret still works: which call, and what its answer means. Nothing here opens a connection."""
