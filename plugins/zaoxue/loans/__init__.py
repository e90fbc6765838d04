"""Loans from a bank's interface: pulled page by page, each page kept as it came."""

from zaoxue.loans.pull import BankApiError, pull_loans

__all__ = ["BankApiError", "pull_loans"]
