"""`python -m replyguide`."""

import sys

from replyguide.cli import main

sys.exit(main())
