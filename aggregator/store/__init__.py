"""The only user of database sessions. It takes and returns the values of `model.py`; it decides nothing."""

from aggregator.store.commit import Refresh, Try
from aggregator.store.erasing import Erasing
from aggregator.store.leases import LEASE, Lease
from aggregator.store.ledger import Kept, Ledger
from aggregator.store.store import Identity, Store, open_store
from aggregator.store.view import StoreView

__all__ = [
    "LEASE",
    "Erasing",
    "Identity",
    "Kept",
    "Lease",
    "Ledger",
    "Refresh",
    "Store",
    "StoreView",
    "Try",
    "open_store",
]
