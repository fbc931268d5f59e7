"""Checks said in CEL, the language of the API server's own admission policies: one row a check, over one object."""
