"""The steps in order, for a batch of files: what DAGs and the command line call."""

from zaoxue.pipeline.batches import BatchReport, load_files, plan_batches
from zaoxue.pipeline.prepare import prepare

__all__ = ["BatchReport", "load_files", "plan_batches", "prepare"]
