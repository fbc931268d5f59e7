"""Container images: where they lie, what their layers hold, and what of it a container sees."""
