"""Operating systems: which one it is, which packages it holds, and what its repositories offer."""
