"""What schemathesis can't read out of a schema: days told the wrong way round are refused, so it does not send them.

`tests/web/test_feeds.py` sends them. Loaded by schemathesis through `SCHEMATHESIS_HOOKS`.
"""

from __future__ import annotations

from collections.abc import Mapping

import schemathesis


@schemathesis.hook
def filter_query(_context: schemathesis.HookContext, query: Mapping[str, object] | None) -> bool:
    """Whether the days of a query can be those of one span (`from` on or before `to`)."""
    days = [str((query or {}).get(name) or "") for name in ("from", "to")]
    return not all(days) or days[0] <= days[1]
