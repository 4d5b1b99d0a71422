"""The tests; they mirror the package. Inputs with their expectations lie in `data/`."""
