"""Receipts: what became of a file, told to its sender, with the bad cells of his own workbook marked."""

from zaoxue.receipts.write import make_receipts, receipt_path

__all__ = ["make_receipts", "receipt_path"]
