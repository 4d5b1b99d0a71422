"""`python -m aggregator`: the same program as `evenemang`."""

import sys

from aggregator.cli import main

sys.exit(main())
