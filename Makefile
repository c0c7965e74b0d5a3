# Everything runs in .venv, installed once from requirements.lock. ARGS passes options on: make demo ARGS="--articles 50"
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
ARGS ?=

# Tests start hundreds of processes; what they load is compiled once.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test lint types bench bench-crawl bench-ledger soak hostile memory fuzz replay week datatrove lock clean

help:
	@echo "make demo   the whole way on this machine, offline: newsroom, crawl, build, release"
	@echo "make test   all tests"
	@echo "make lint   ruff: rules and format        make types  mypy --strict on all floors"
	@echo "make bench  pages per second beside plain trafilatura"
	@echo "make bench-crawl  articles per second beside a bare Scrapy spider"
	@echo "make bench-ledger  the ledger with 5 million rows beside 50,000, and a crawl's memory with 200,000 URLs"
	@echo "make soak   200 SIGKILLs of crawl and build: nothing lost, the same release (some 20 minutes)"
	@echo "make hostile  time and memory of hostile pages      make memory  growth over 20,000 pages"
	@echo "make fuzz   coverage-guided fuzzing of cleaning, ten minutes (installs atheris)"
	@echo "make replay whether pywb replays our archive (installs pywb into an environment of its own)"
	@echo "make week   a week of tinsach schedule in simulated time, with crashes, a full disk and a dead site"
	@echo "make datatrove  near-duplicates of 100,000 records beside datatrove's"
	@echo "make lock   pin every dependency anew     make clean  remove .venv and caches"

# A half-made environment has no stamp, so the next call makes it anew; a later call finds the stamp and installs nothing.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "tinsach needs Python 3.11 or newer; $(PYTHON) is older. Try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 2; }
	@echo "Installing into $(VENV) from requirements.lock (once) ..."
	@$(PYTHON) -m venv $(VENV) || { echo "python3 -m venv failed; on Debian: apt-get install python3-venv"; exit 2; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(STAMP)
	@$(BIN)/tinsach demo $(ARGS)

test: $(STAMP)
	@$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(STAMP)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(STAMP)
	@$(BIN)/mypy

bench: $(STAMP)
	@$(BIN)/python benchmarks/clean.py $(ARGS)

hostile: $(STAMP)
	@$(BIN)/python benchmarks/hostile.py $(ARGS)

bench-crawl: $(STAMP)
	@$(BIN)/python benchmarks/crawl.py $(ARGS)

bench-ledger: $(STAMP)
	@$(BIN)/python benchmarks/ledger.py $(ARGS)
	@$(BIN)/python benchmarks/ledger.py --memory

soak: $(STAMP)
	@$(BIN)/python benchmarks/soak.py $(ARGS)

memory: $(STAMP)
	@$(BIN)/python benchmarks/memory.py $(ARGS)

# atheris is no part of the lock: it is built for few platforms, and nothing but this target needs it.
fuzz: $(STAMP)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check atheris
	@mkdir -p .tmp/fuzz && cd .tmp/fuzz && ../../$(BIN)/python ../../benchmarks/fuzz.py $(or $(ARGS),-max_total_time=600 -max_len=20000 -timeout=10)

# pywb is a reader of archives, not a part of tinsach: it gets an environment of its own.
replay: $(STAMP)
	@$(PYTHON) -m venv .tmp/pywb
	@.tmp/pywb/bin/python -m pip install --quiet --disable-pip-version-check pywb
	@$(BIN)/python benchmarks/replay.py .tmp/pywb/bin

week: $(STAMP)
	@$(BIN)/python benchmarks/week.py $(ARGS)

# datatrove's dependencies would not go with ours.
datatrove: $(STAMP)
	@$(PYTHON) -m venv .tmp/datatrove
	@.tmp/datatrove/bin/python -m pip install --quiet --disable-pip-version-check "datatrove[io,processing]==0.10.1"
	@$(BIN)/python benchmarks/release.py --datatrove .tmp/datatrove/bin/python $(or $(ARGS),--records 100000)

# One resolution for Python 3.11 and later, on every platform, with hashes and without any index's address.
lock:
	@$(PYTHON) -m venv .tmp/lock
	@.tmp/lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	@.tmp/lock/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --extra dev --extra fast --extra readers --extra render --extra notify --annotation-style line --custom-compile-command "make lock" \
	  --output-file requirements.lock pyproject.toml
	@echo "requirements.lock is written"

clean:
	rm -rf $(VENV) .tmp .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist *.egg-info
	find . -name __pycache__ -prune -exec rm -rf {} +
