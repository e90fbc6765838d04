"""Zaoxue (造血): nightly pipeline and warehouse for employment assistance."""

__version__ = "0.1.0"
