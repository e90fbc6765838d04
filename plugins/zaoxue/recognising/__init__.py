"""Recognise: which feed a sheet holds (by its headers), who sent it and for which period."""

from zaoxue.recognising.closing import ClosingSheet, find_closing_sheet
from zaoxue.recognising.feed import FeedFinder, RefusedSheetError, SheetLayout
from zaoxue.recognising.names import read_aliases
from zaoxue.recognising.organisation import Evidence, Organisation, OrganisationFinder
from zaoxue.recognising.period import find_period

__all__ = [
    "ClosingSheet",
    "Evidence",
    "FeedFinder",
    "Organisation",
    "OrganisationFinder",
    "RefusedSheetError",
    "SheetLayout",
    "find_closing_sheet",
    "find_period",
    "read_aliases",
]
