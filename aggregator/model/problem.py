"""What could not be read or was refused, as a value. The words for it are in `problems.py`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read or was refused. `code` is a key of `problems.SENTENCES`, which has the words.

    `refused` tells whether the item was dropped (True) or kept with a note (False).
    """

    code: str
    item: str = ""  # title or UID of the item, "" for the whole answer
    detail: str = ""
    refused: bool = True
