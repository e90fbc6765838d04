# The two commands: `make nightly` and `make test`. Everything else is for those who work on Zaoxue.
SHELL := bash
.DEFAULT_GOAL := help
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements/requirements.lock
BENCH_LOCK := requirements/bench.lock
BENCH_READY := $(VENV)-bench/.ready-$(shell cksum < $(BENCH_LOCK) | tr ' ' '-')
CONTRACT_LOCK := requirements/datacontract.lock
CONTRACT_VENV := $(VENV)-contracts
CONTRACT_READY := $(CONTRACT_VENV)/.ready-$(shell cksum < $(CONTRACT_LOCK) | tr ' ' '-')
READY := $(VENV)/.ready-$(shell cksum < $(LOCK) | tr ' ' '-')

.PHONY: help picture pictures setup nightly test lint types check bench bench-news bench-watch bench-marts bench-board lint-contracts lock format contracts changelog clean

help:  ## What there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: $(READY)  ## The virtual environment, from the hashed lock

$(READY): $(LOCK) pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Zaoxue needs Python 3.11 or newer (set PYTHON=...)"; exit 1; }
	@echo "Setting up $(VENV) ..."
	@test -x $(BIN)/uv || { $(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip install -q --disable-pip-version-check uv==0.13.9; }
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --require-hashes -r $(LOCK)
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps -e .
	@rm -f $(VENV)/.ready-*
	@touch $@

nightly: $(READY)  ## The whole night here: INBOX=/path ASOF=2026-05-31 for your own files, else the demo province
	@$(BIN)/zaoxue nightly $(if $(INBOX),--inbox "$(INBOX)") $(if $(ASOF),--as-of "$(ASOF)")

test: $(READY)  ## Every test: whole nights and marts beside all the rest, on two cores
	@log=$$(mktemp); $(BIN)/pytest --ignore=tests/e2e --ignore=tests/warehouse > $$log 2>&1 & rest=$$!; \
	$(BIN)/pytest tests/e2e tests/warehouse; nights=$$?; \
	wait $$rest; others=$$?; cat $$log; rm -f $$log; exit $$((nights + others))

lint: $(READY)  ## ruff and sqlfluff
	@$(BIN)/ruff check .
	@$(BIN)/sqlfluff lint -q --disable-progress-bar dbt_project/models dbt_project/tests

lint-contracts: $(CONTRACT_READY)  ## datacontract lint on every contract
	@failed=0; for file in expectations/*.odcs.yaml; do \
		out=$$($(CONTRACT_VENV)/bin/datacontract lint $$file 2>&1) || { echo "$$file"; echo "$$out"; failed=1; }; done; \
		test $$failed = 0 && echo "Every contract is a valid ODCS document."

$(CONTRACT_READY): $(CONTRACT_LOCK) | $(READY)
	@rm -rf $(CONTRACT_VENV)
	@$(BIN)/uv venv -q --python $(BIN)/python $(CONTRACT_VENV)
	@$(BIN)/uv pip install -q --python $(CONTRACT_VENV)/bin/python --no-deps --require-hashes -r $(CONTRACT_LOCK)
	@touch $@

types: $(READY)  ## mypy --strict on plugins/
	@$(BIN)/mypy

check: lint types test  ## What CI runs

bench: $(BENCH_READY)  ## Speed beside a plain COPY, dlt and pandas + Great Expectations (sizes: tests/bench/__main__.py)
	@$(VENV)-bench/bin/python -m tests.bench

bench-news: $(READY)  ## Cost of reading articles: a megabyte, one article, clean and damaged
	@$(BIN)/python -m tests.bench.news

bench-watch: $(READY)  ## Cost of the submission watch: 3,000 districts, 15 feeds, a year of months
	@$(BIN)/python -m tests.bench.watch

bench-board: $(READY)  ## Time of the board's pages for 3,000 districts
	@$(BIN)/python -m tests.bench.board

bench-marts: $(BENCH_READY)  ## Cost of a build of the marts, full and after a night, and of questions to them (sizes: tests/bench/marts.py)
	@$(VENV)-bench/bin/python -m tests.bench.marts

$(BENCH_READY): $(BENCH_LOCK) pyproject.toml | $(READY)
	@echo "Setting up $(VENV)-bench ..."
	@test -x $(VENV)-bench/bin/python || $(BIN)/uv venv -q --python $(BIN)/python $(VENV)-bench
	@$(BIN)/uv pip install -q --python $(VENV)-bench/bin/python --no-deps --require-hashes -r $(BENCH_LOCK)
	@$(BIN)/uv pip install -q --python $(VENV)-bench/bin/python --no-deps -e .
	@rm -f $(VENV)-bench/.ready-*
	@touch $@

lock: $(READY)  ## Compile requirements/*.in into the hashed lock
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --excludes requirements/excludes.txt requirements/dev.in -o $(LOCK)
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate requirements/datacontract.in -o $(CONTRACT_LOCK)
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --excludes requirements/excludes.txt -c $(LOCK) requirements/bench.in -o $(BENCH_LOCK)

changelog: $(READY)  ## Write again what has changed in the marts' schema (RELEASE=0.3.0 closes it under a version)
	@$(BIN)/python -m zaoxue.warehouse.schema_changes $(if $(RELEASE),--release $(RELEASE))

contracts: $(READY)  ## Write again what is derived from the contracts (dbt sources, data dictionary, rules)
	@$(BIN)/python -m zaoxue.contracts.dbt_sources
	@$(BIN)/python -m zaoxue.contracts.data_dictionary
	@$(BIN)/python -m zaoxue.contracts.rule_catalogue

clean:  ## Remove the environment and everything a run made (the warehouse too)
	@-$(BIN)/zaoxue db stop 2>/dev/null
	@rm -rf $(VENV) $(VENV)-bench $(CONTRACT_VENV) .zaoxue

picture: $(READY)  ## Draw docs/pictures/night.svg again from the last night
	@$(BIN)/python docs/pictures/make.py

pictures: $(READY)  ## Take docs/pictures/board-*.png again of the board after the last night (needs Debian's chromium)
	@$(BIN)/python docs/pictures/board.py
