"""Normalise: text of a ledger into typed columns, by the contract."""

from zaoxue.normalising.table import VALID_SUFFIX, WHOLE_SUFFIX, normalise

__all__ = ["VALID_SUFFIX", "WHOLE_SUFFIX", "normalise"]
