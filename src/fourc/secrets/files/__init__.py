"""Files that hold credentials by their format, one format a file; each says what of it is a secret."""
