"""Bytes of every kind of source, for whoever looks for something in them: files, members of archives, git's objects."""
