"""Evenemang: what happens in a municipality, collected from everyone who announces it, each event told once."""

__version__ = "0.1.0"
