"""The shell: one file per command."""

import gc

# What a command loads stays to its end: to look through it for garbage, every 700 objects, costs a short one a tenth of its time.
gc.set_threshold(100_000)
