"""`python -m newscast.cli`: the command, where its script is not on the path."""

import sys

from newscast.cli import main

sys.exit(main())
