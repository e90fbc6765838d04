"""The demo: a fictional province whose truth is known, and the messy files its offices send."""

from zaoxue.demo.build import DemoReport, NotADemoFolderError, make_demo

__all__ = ["DemoReport", "NotADemoFolderError", "make_demo"]
