"""Gate: Great Expectations judges each batch; its verdict decides which rows and files may pass."""

from zaoxue.gate.suite import FILE_RULES, column_to_mend, file_rules, suite_of
from zaoxue.gate.verdict import Verdict, judge_files, judge_rows

__all__ = ["FILE_RULES", "Verdict", "column_to_mend", "file_rules", "judge_files", "judge_rows", "suite_of"]
