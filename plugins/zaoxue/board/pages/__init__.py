"""The pages of the board, one module each: a request in, a template filled."""
