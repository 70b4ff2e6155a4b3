# Everything that people and CI do here. `make` alone lists it.
#
# Each target brings what it needs; a second run finds it there. PYTHON=... chooses the Python that
# .venv is made with.

BIN := .venv/bin
TESTERS := 3# processes, each with databases of its own; tests wait more than they compute
FAST := not integration and not slow and not browser

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-platforms deepeval bench check chaos chromium screenshots evals phrases lint types imports unit format lock clean serving-env testing-env

help:
	@echo "Slotline: the tool server behind phone agents that book appointments."
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: testing-env ## make .venv with everything that development needs

demo: serving-env ## play one phone call on real parts, then keep serving (ONCE=1, LANGUAGE=de)
	@$(BIN)/slotline demo $(if $(filter-out 0,$(ONCE)),--once) $(if $(filter de%,$(LANGUAGE)),--language de)

test: lint types imports chromium ## everything that CI runs: lint, types, import rules, all tests (TESTERS=1: one at a time)
	$(BIN)/pytest --numprocesses=$(TESTERS) --dist=loadfile --no-loadscope-reorder

chromium: testing-env ## find a Chromium for tests and screenshots, else fetch one
	@$(BIN)/python -m tests.chromium || true

screenshots: testing-env chromium ## pictures of every page of the console, into docs/screenshots/
	@$(BIN)/python -m scripts.screenshots

check: lint types imports unit ## lint, types, import rules, unit tests: under a minute

lint: testing-env ## ruff: rules and format
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: testing-env ## mypy, strict
	$(BIN)/mypy

imports: testing-env ## who may import whom (import-linter)
	$(BIN)/lint-imports --no-logo

unit: testing-env ## tests that need no server
	$(BIN)/pytest -m "$(FAST)"

evals: testing-env ## play simulated calls and write a report (SUITES=, TRIALS=, NOISE=clean,phone)
	@$(BIN)/python -m evals run $(or $(SUITES),core faults safety) $(if $(TRIALS),--trials=$(TRIALS)) $(if $(NOISE),--noise=$(NOISE))

phrases: testing-env ## grade what is understood (KIND=dates|names|services, DATA=file; without: our own set)
	@$(BIN)/python -m evals phrases --kind=$(or $(KIND),dates) $(if $(DATA),--data="$(DATA)")

chaos: serving-env ## hundreds of calls while every part is killed (SEED=, CALLS=): no promise may break
	@$(BIN)/python -m slotline.chaos $(if $(SEED),--seed=$(SEED)) $(if $(CALLS),--calls=$(CALLS))

bench: serving-env ## how fast one server process is, and a simulated day (ONLY=speed|day, CALLS=, PRACTICES=)
	$(BIN)/python -m slotline.bench $(if $(ONLY),--only=$(ONLY)) $(if $(CALLS),--calls=$(CALLS)) \
		$(if $(PRACTICES),--practices=$(PRACTICES))

test-platforms: ## run examples/ with LiveKit and Pipecat, which it installs into .venv-platforms
	@SLOTLINE_VENV=.venv-platforms scripts/setup runtime embedded dev platforms || { \
		echo "test-platforms: LiveKit and Pipecat could not be installed; nothing else needs them." >&2; exit 1; }
	@# Their own warnings are not ours to mend.
	.venv-platforms/bin/python -m pytest -W default tests/frameworks

deepeval: ## run the evals' scenarios under deepeval, which it installs into .venv-evals
	@SLOTLINE_VENV=.venv-evals scripts/setup runtime embedded dev evals
	DEEPEVAL_TELEMETRY_OPT_OUT=1 .venv-evals/bin/deepeval test run evals/deepeval_suite.py

format: testing-env ## let ruff mend what it can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: testing-env ## resolve the dependencies anew into requirements/ (UPGRADE=1: to the newest)
	$(BIN)/python scripts/lock.py $(if $(UPGRADE),--upgrade)

clean: ## remove everything that make has made: .venv, the servers' data, caches
	@scripts/clean

serving-env:
	@scripts/setup runtime embedded

testing-env:
	@scripts/setup runtime embedded dev
