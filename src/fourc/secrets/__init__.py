"""Hard-coded secrets in texts: what they look like, where they hide, and which are meant to stand there."""
