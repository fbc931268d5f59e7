"""How much of one file is read: about ten times what the largest real lock files have."""

FILE_BYTES = 16 << 20
"""As objects it is thirty times as much."""
TOML_BYTES = 4 << 20
"""What `tomllib` is asked to read, a second for each MB; plain files are read by their lines, whatever their size."""
LINES = 500_000
LINE_BYTES = 1 << 20
LEVELS = 100
"""Mappings and lists within each other."""
NODES = 1_000_000
"""Values of a YAML file."""
ELEMENTS = 500_000
"""Of an XML file."""
PACKAGES = 100_000
NEEDS = 2_000_000
"""Who needs whom, in all."""
UNRESOLVED = 1_000
"""Names of which is told that nobody knows their version."""
KEYS = 300_000
"""Keys whose lines are known; later ones have none."""
SEARCHED_BYTES = 200 << 20
"""Bytes that are searched for the lines of one file, in all."""
FOLDERS_UP = 12
"""Folders above a manifest in which files are looked for that it refers to."""
NEAR_FILES = 500
"""Manifests of members that are read to tell who asks for what."""
