"""What a person does with what they handed in: correct, answer, withdraw, pause, resume, "all is right".

Each is a form behind a button, for their own submissions alone, on the version that was shown (F10, F25).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator.errors import LeaseLost, Overtaken, StoreError, UsageError
