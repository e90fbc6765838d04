"""The demo: a fictional province whose truth is known, and the messy files its offices send."""

from zaoxue.demo.bank_process import BankServerError, running_bank_server
from zaoxue.demo.build import DemoReport, NotADemoFolderError, make_demo

__all__ = ["BankServerError", "DemoReport", "NotADemoFolderError", "make_demo", "running_bank_server"]
