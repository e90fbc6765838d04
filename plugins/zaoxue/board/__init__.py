"""The board: web pages on who has sent what and what came of it. A FastAPI application that knows nothing of Airflow."""

from zaoxue.board.app import make_board
from zaoxue.board.viewers import Account

__all__ = ["Account", "make_board"]
