"""For sqlfluff alone: what dbt's `adapter` does for our macros, so that models are linted without a database."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context


@pass_context
def dispatch(context: Context, name: str, package: str) -> Callable[..., Any]:
    """The variant of a macro for the engine that ZAOXUE_LINT_ENGINE names, by default PostgreSQL."""
    engine = os.environ.get("ZAOXUE_LINT_ENGINE", "postgres")
    return context.resolve(f"{engine}__{name}") or context.resolve(f"default__{name}")
