"""Reports of other scanners: what they found feeds the same plan, without a database of our own."""
