"""What people agree to when they hand something in, and in which version of the text. The texts are pages of their own.

A text that changes gets a new version here; a test holds each text to its version. What somebody agreed to is stored
with version and time, and taken back on their own page as easily as it was given.
"""

from __future__ import annotations

from collections.abc import Mapping

GUIDELINES = "guidelines"  # /riktlinjer: what may be handed in
PROCESSING = "processing"  # /integritet: that name and address are kept, for what and how long
VERSIONS: Mapping[str, str] = {GUIDELINES: "1", PROCESSING: "1"}
