# Everything runs in .venv, which `make` builds from the locked requirements.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.ready

.PHONY: demo cluster test test-all check format lock numbers bench clean

demo: $(STAMP)  ## the plan for the example system
	@$(BIN)/fourc examples/shop

$(STAMP): pyproject.toml requirements.lock
	@echo "Preparing .venv (once, about a minute)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q src/fourc  # as pip does for a wheel: else the first start is slow, or every one
	@touch $(STAMP)

cluster: $(STAMP)  ## etcd and kube-apiserver for the tests, built with Go once (up to ten minutes each) and kept
	@$(BIN)/python -m tests.cluster.binaries

test: cluster  ## every test but the slow ones
	$(BIN)/pytest -n auto -m "not slow"

test-all: cluster  ## every test
	$(BIN)/pytest -n auto

check: $(STAMP)  ## the quality gate, about a minute
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture
	$(BIN)/pytest -n auto -q tests/checks tests/docs

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(STAMP)  ## renew requirements.lock from pyproject.toml
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --all-extras --group dev --generate-hashes --universal --python-version 3.11 \
		--no-header --no-emit-package fourc -o requirements.lock pyproject.toml

numbers: $(STAMP)  ## write docs/numbers.md from the tables of odds, impacts and hours
	$(BIN)/python -c 'from pathlib import Path; from fourc.plan.numbers import PAGE, page; Path(PAGE).write_text(page(), "utf-8")'

bench: $(STAMP)  ## measure, and write bench/RESULTS.md
	$(BIN)/python bench/run.py

clean:
	rm -rf .venv dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
