"""The command line: `python -m data demo | check | publish | rollback | deliveries`.

Exit codes: 0 accepted, 1 refused, 2 wrong use.
"""

from __future__ import annotations

import sys

from data.commands import main

if __name__ == "__main__":
    sys.exit(main())
