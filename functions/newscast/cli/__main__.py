"""`python -m newscast.cli`: the command, where its script is not on the path."""

import sys

from newscast.cli import main

if __name__ == "__main__":  # a pool's process imports this module too
    sys.exit(main())
