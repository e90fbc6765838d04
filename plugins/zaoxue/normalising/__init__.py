"""Normalise: text of a ledger into typed columns, by the contract, and the check columns its rules ask for."""

from zaoxue.normalising.derive import NOTHING_KNOWN, Known, lookups_of, with_checks
from zaoxue.normalising.parameters import Parameters, load_parameters
from zaoxue.normalising.table import VALID_SUFFIX, WHOLE_SUFFIX, normalise

__all__ = [
    "NOTHING_KNOWN",
    "VALID_SUFFIX",
    "WHOLE_SUFFIX",
    "Known",
    "Parameters",
    "load_parameters",
    "lookups_of",
    "normalise",
    "with_checks",
]
