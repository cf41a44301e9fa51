# Everything a developer types. Needs Python 3.11+ and make; the rest is installed into .venv and .sandbox.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
STATE ?= .sandbox

.DEFAULT_GOAL := help
.PHONY: help install sandbox test check types end-to-end bench recognition lock clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

# uv comes from the package registry like everything else, unless this machine has it.
$(STAMP): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.11 …"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9'
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements-dev.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

install: $(STAMP) ## make .venv with everything locked

sandbox: $(STAMP) ## the whole platform and the bot on this machine; Ctrl-C ends it
	@$(BIN)/runbook sandbox --state $(STATE)

check: $(STAMP) ## the fast part of the gate: format, lint, layers, types, unit tests, playbooks
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy
	$(BIN)/pytest -q -n 2 --dist loadfile -m "not process and not sandbox and not end_to_end"
	$(BIN)/runbook check
	$(BIN)/runbook test

test: check ## the whole gate, with the end-to-end tests on the real parts
	$(BIN)/pytest -q -m "end_to_end"
	$(BIN)/pytest -q -m "process or sandbox"

bench: $(STAMP) ## measure, and write benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks

recognition: $(STAMP) ## how well the playbooks recognise the labelled alerts of tests/corpus
	$(BIN)/python -m benchmarks.recognition

lock: $(STAMP) ## resolve every dependency anew; the locks name hashes and no place to fetch from
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-annotate \
	    --custom-compile-command "make lock" pyproject.toml --output-file requirements.txt
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-annotate \
	    --custom-compile-command "make lock" pyproject.toml --extra dev --output-file requirements-dev.txt
	for part in bot/sandbox/requirements/*.in; do \
	    $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	        --no-annotate --custom-compile-command "make lock" $$part --output-file $${part%.in}.txt || exit 1; \
	done

clean: ## remove the sandbox's state and environments, and every cache
	rm -rf $(STATE) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
