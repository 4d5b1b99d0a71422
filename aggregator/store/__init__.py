"""The only user of database sessions. It takes and returns the values of `model.py`; it decides nothing."""

from aggregator.store.commit import Lease, Refresh, Try
from aggregator.store.ledger import Ledger
from aggregator.store.store import Identity, Store, open_store

__all__ = ["Identity", "Lease", "Ledger", "Refresh", "Store", "Try", "open_store"]
