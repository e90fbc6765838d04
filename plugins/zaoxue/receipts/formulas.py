"""Which formulas may stay in a workbook that is sent back: those that only calculate within it."""

from __future__ import annotations

import re

# Whatever reaches out of the workbook (DDE, links, web, files, commands) is on no list, so it goes.
_SAFE_FUNCTIONS = """
    SUM SUMIF SUMIFS SUMPRODUCT COUNT COUNTA COUNTIF COUNTIFS COUNTBLANK AVERAGE AVERAGEIF MAX MIN ROUND ROUNDUP ROUNDDOWN
    INT MOD ABS IF IFERROR IFNA IFS AND OR NOT TRUE FALSE ISBLANK ISERROR ISNUMBER ISTEXT LEN LEFT RIGHT MID TRIM TEXT
    VALUE CONCATENATE CONCAT TEXTJOIN SUBSTITUTE REPLACE FIND SEARCH UPPER LOWER EXACT DATE DATEDIF YEAR MONTH DAY TODAY
    NOW EDATE EOMONTH DATEVALUE WEEKDAY NETWORKDAYS ROW ROWS COLUMN COLUMNS SUBTOTAL VLOOKUP HLOOKUP LOOKUP INDEX MATCH
    CHOOSE RANK LARGE SMALL
"""
_SAFE = frozenset(_SAFE_FUNCTIONS.split())
_CALL = re.compile(r"([A-Za-z_][A-Za-z0-9_.]*)\s*\(")
_REACHES_OUT = re.compile(r"[|\[\]]")  # DDE; other workbooks
_STRING = re.compile(r'"(?:[^"]|"")*"')


def is_harmless(formula: str) -> bool:
    """Whether a formula can do nothing but calculate from cells of its own workbook."""
    code = _STRING.sub('""', formula)
    if _REACHES_OUT.search(code):
        return False
    return {name.upper() for name in _CALL.findall(code)} <= _SAFE
