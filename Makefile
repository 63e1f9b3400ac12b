# Everything done here, by a person or by CI. `make` alone lists the targets.
SHELL := bash
.DEFAULT_GOAL := help

VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
UV_VERSION := 0.13.9
# For what starts the environment's commands by name.
IN_VENV := PATH="$(abspath $(BIN)):$$PATH"

.PHONY: help
help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: install
install: $(VENV)/.installed  ## Make .venv with the locked dependencies; .venv/bin/fairline is the command (PYTHON=python3.12 chooses)

$(VENV)/.installed: requirements.lock requirements-build.lock pyproject.toml
	@test -x $(BIN)/python || { python="$$(scripts/find-python $(PYTHON))" && "$$python" -m venv $(VENV); }
	@echo "Installing Fairline into $(VENV)"
	$(PIP) install --require-hashes -r requirements.lock -r requirements-build.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

.PHONY: dev
dev: $(VENV)/.dev  ## The same, and the tools of the gate

$(VENV)/.dev: $(VENV)/.installed requirements-dev.lock
	@echo "Installing the tools of the gate"
	$(PIP) install --require-hashes -r requirements-dev.lock
	touch $@

.PHONY: demo
demo: install  ## Show the whole platform on a simulated league; no internet, no data
	$(BIN)/fairline demo

.PHONY: demo-real
demo-real: install  ## Import, train, price a slate and grade it on the real data of ../shared
	$(IN_VENV) scripts/demo

# What coverage is measured of.
COVER ?= fairline

.PHONY: test
test: dev  ## Every test and doctest, in random order, with coverage (PYTEST_ARGS adds options)
	$(BIN)/pytest --numprocesses=3 --cov=$(COVER) --cov-report=term $(PYTEST_ARGS)
	$(BIN)/coverage report --include='src/fairline/domain/*' --fail-under=100

KILLS ?= 200
EXAMPLES ?= 500
SEEDS ?= 200
START ?= 0
DAYS ?= 1

.PHONY: soak
soak: dev  ## Simulate SEEDS runs of DAYS days from seed START; without SEEDS also plant bugs, kill KILLS scrapes, send EXAMPLES to each route
	$(BIN)/python -m fairline.sim.simulation --seeds $(SEEDS) --start $(START) --days $(DAYS)
ifeq ($(origin SEEDS),file)
	FAIRLINE_PLANTED=1 FAIRLINE_SIMULATED_WEEK=30 $(BIN)/pytest tests/sim/simulation --numprocesses=0
	$(BIN)/pytest tests -m long --numprocesses=2
	FAIRLINE_KILLS=$(KILLS) FAIRLINE_KILL_SEED=$${RANDOM} $(BIN)/pytest tests/e2e/test_killed_scrape.py --numprocesses=0
	@seed=$${RANDOM}; echo "FAIRLINE_API_SEED=$$seed finds the same again"; \
	  FAIRLINE_API_EXAMPLES=$(EXAMPLES) FAIRLINE_API_SEED=$$seed $(BIN)/pytest tests/services/test_api_contract.py --numprocesses=0
endif

.PHONY: check
check: lint types layers secrets  ## Lint, format, types, import rules, secrets (make -k check shows every failure)

.PHONY: lint
lint: dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check

.PHONY: types
types: dev
	$(BIN)/mypy

.PHONY: layers
layers: dev
	$(BIN)/lint-imports --no-logo

.PHONY: secrets
secrets: dev
	$(IN_VENV) scripts/scan-secrets

.PHONY: format
format: dev  ## Format the code and mend what the linter can mend
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

.PHONY: bench
bench: dev  ## Time the work, against the same work in pandas
	$(BIN)/python -m bench

COMPILE = .venv-lock/bin/uv pip compile --quiet --universal --generate-hashes --no-strip-extras --python-version=3.11 \
  --custom-compile-command='make lock' $(if $(UPGRADE),--upgrade)

.PHONY: lock
lock: .venv-lock/.uv-$(UV_VERSION)  ## Resolve the locks again (UPGRADE=1 takes newer releases)
	$(COMPILE) pyproject.toml --output-file=requirements.lock
	$(COMPILE) pyproject.toml --group=dev --constraints=requirements.lock --output-file=requirements-dev.lock
	$(COMPILE) --group=build --constraints=requirements-dev.lock --output-file=requirements-build.lock

.venv-lock/.uv-$(UV_VERSION):
	"$$(scripts/find-python $(PYTHON))" -m venv --clear .venv-lock
	.venv-lock/bin/pip install --quiet uv==$(UV_VERSION)
	touch $@

.PHONY: clean
clean:  ## Remove the environments and everything made by running things here
	rm -rf .venv .venv-ci .venv-lock build dist out .coverage .coverage.* .hypothesis .import_linter_cache
	rm -rf .mypy_cache .pytest_cache .ruff_cache
	find src tests bench -name __pycache__ -type d -exec rm -rf {} +
