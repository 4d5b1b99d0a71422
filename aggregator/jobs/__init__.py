"""Who calls `ingest.refresh` and when: the embedded runner; more processes share the work through leases."""
