"""For sqlfluff alone: what dbt's `adapter` does for our macros, so that models are linted without a database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context


@pass_context
def dispatch(context: Context, name: str, package: str) -> Callable[..., Any]:
    """The PostgreSQL variant of a macro."""
    return context.resolve(f"postgres__{name}") or context.resolve(f"default__{name}")
