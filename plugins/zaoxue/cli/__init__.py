"""The command line `zaoxue`. Exit code 0 only when it did what was asked."""

from zaoxue.cli.app import app, main

__all__ = ["app", "main"]
