"""Known vulnerabilities: versions in order, the database of advisories, what matches, and which upgrades clear most."""
