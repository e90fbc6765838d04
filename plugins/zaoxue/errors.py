"""Kinds of error that the night treats differently. Imports nothing: Airflow's scheduler reads it with every DAG."""

from __future__ import annotations


class NeedsAPersonError(Exception):
    """Trying again cannot help: a contract, a table or the registry must be mended first."""
