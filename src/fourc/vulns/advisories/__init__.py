"""Advisories of every publisher, read to one form: which versions of which package have which vulnerability."""
