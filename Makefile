# Everything runs in a virtual environment of its own; only Python 3.11 or later, git and make are needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TOOL := $(VENV)/.tool
STAMP := $(VENV)/.installed

# which tests `make unit` runs
T ?= tests

# on all cores, and neighbouring tests on the same one: what a file prepares is seldom prepared twice
SHARED := -n auto --dist worksteal

# tests start Python many times: let it keep what it compiles, whatever the surroundings say
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test quick lint types contracts unit refresh-notebooks bench docs reference clean

# the tool alone, as people install it
$(TOOL): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

# and everything that its development takes
$(STAMP): $(TOOL)
	$(BIN)/python -m pip install --quiet --editable '.[notebook]' --group dev
	@touch $@

# scan exits 1 when it finds something, which is what the demonstration is for
demo: $(TOOL)  ## build the sample repository of the incident and scan it
	$(BIN)/python -m sample_repos opsmatic-2014 demo/opsmatic-2014 --evidence demo/evidence
	@$(BIN)/forensics scan demo/opsmatic-2014 || [ $$? -eq 1 ]

test: lint types contracts unit  ## everything that CI runs

quick: lint types  ## in less than a minute: what fails most often when something is wrong
	$(BIN)/pytest -q $(SHARED) -m "not benchmark and not slow"

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

contracts: $(STAMP)
	$(BIN)/lint-imports

unit: $(STAMP)  ## the tests, or those that T names: make unit T=tests/analysis
	$(BIN)/pytest -q $(SHARED) -m "not benchmark" $(T)

refresh-notebooks: $(STAMP)  ## run them and keep their outputs
	$(BIN)/python tests/notebook_running.py

bench: $(STAMP)  ## ratios against a floor measured in the same run
	$(BIN)/pytest -q -s -m benchmark tests/benchmarks

docs: $(STAMP)  ## the pages under docs/ as a site in build/docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

reference: $(STAMP)  ## write anew what README and docs/ show of the code and of what commands print
	$(BIN)/python -m handbook
	$(BIN)/python -m handbook.pictures
	$(BIN)/python -m handbook.charts

clean:
	rm -rf $(VENV) demo build dist
