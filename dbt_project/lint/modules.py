"""For sqlfluff alone: the Python modules that dbt lends to Jinja."""

import datetime

import pytz

__all__ = ["datetime", "pytz"]
