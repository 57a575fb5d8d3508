PYTHON ?= python3
VENV   ?= .venv
PORT   ?= 8501
BIN    := $(VENV)/bin
unexport PORT  # which hosts set who start servers for others: here it is a port alone
QUIET  := --quiet --disable-pip-version-check

.PHONY: demo dashboard pipeline test test-fast lint types format lock bench clean

demo: $(VENV)/.web  ## check the embedded demo and open the dashboard
	$(BIN)/python -m pipeline demo
	$(BIN)/lazybones --port $(PORT)

dashboard: $(VENV)/.web  ## open the dashboard on what is in the store
	$(BIN)/lazybones --port $(PORT)

pipeline: $(VENV)/.pipeline  ## install what the published experiment needs (TensorFlow)

test: $(VENV)/.dev  ## every test: slow ones, real data where it is, a real browser where it is
	$(BIN)/python -m pytest -m "" -ra --durations=40 -n logical --maxprocesses 4 --dist worksteal

test-fast: $(VENV)/.dev  ## the tests to run while writing
	$(BIN)/python -m pytest

lint: $(VENV)/.dev types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

types: node_modules/.package-lock.json  ## check the types of the front end; needs Node.js and npm
	node_modules/.bin/tsc

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(VENV)/.dev  ## write requirements.lock anew: all that a host installs, to the digest, for every system
	$(BIN)/uv pip compile requirements.txt --universal --python-version 3.11 --generate-hashes --upgrade --quiet \
		--no-header --output-file requirements.lock

bench: $(VENV)/.dev  ## print every benchmark's table; needs the real data, takes a while
	$(BIN)/python -m benchmarks

clean:  ## remove the virtual environment and what tools left behind; never the cache
	rm -rf $(VENV) node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

node_modules/.package-lock.json: package.json package-lock.json
	@command -v npm >/dev/null || { echo "Checking the front end's types needs npm. Try: apt-get install npm"; exit 1; }
	npm ci --no-audit --no-fund --silent
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python must be 3.11 or newer. Got $$($(PYTHON) --version)."; \
		  echo "Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "Python must have its venv module. Try: apt-get install python3-venv"; exit 1; }
	@$(BIN)/pip install $(QUIET) --upgrade pip setuptools  # what comes with an old Python has known holes

$(VENV)/.web: $(BIN)/python requirements.txt pyproject.toml
	$(BIN)/pip install $(QUIET) -e .
	@touch $@

$(VENV)/.pipeline: $(BIN)/python pyproject.toml requirements.txt requirements-pipeline.txt
	$(BIN)/pip install $(QUIET) -e . -r requirements-pipeline.txt
	@touch $@ $(VENV)/.web

$(VENV)/.dev: $(BIN)/python pyproject.toml requirements.txt requirements-pipeline.txt requirements-dev.txt
	$(BIN)/pip install $(QUIET) -e . -r requirements-dev.txt
	@touch $@ $(VENV)/.web $(VENV)/.pipeline
