"""`python -m fourc`."""

import sys

from fourc.cli.main import main

sys.exit(main())
