"""The composition root for `python server.py`: the same as `evenemang serve`, with the same further words."""

import sys

from aggregator.cli import main

if __name__ == "__main__":
    sys.exit(main(["serve", *sys.argv[1:]]))
