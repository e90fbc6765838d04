"""Recognise: which feed a sheet holds (by its headers), who sent it (by the folder) and for which period."""

from zaoxue.recognising.feed import FeedFinder, RefusedSheetError, SheetLayout
from zaoxue.recognising.organisation import Organisation, OrganisationFinder
from zaoxue.recognising.period import find_period

__all__ = ["FeedFinder", "Organisation", "OrganisationFinder", "RefusedSheetError", "SheetLayout", "find_period"]
