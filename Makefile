# `make site` and `make test` are all that a fresh machine needs: Python 3.11 or newer, git and make.

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
export NO_MKDOCS_2_WARNING := 1

.PHONY: site serve test check bench bench-reader validate offline handbook lock zensical clean help
.DEFAULT_GOAL := help

help: ## say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

site: .venv/.site ## build the site into site/
	$(BIN)/mkdocs build --quiet
	@echo "The site is in site/: open site/index.html."

serve: .venv/.site ## serve the site, and again after each change
	$(BIN)/mkdocs serve

test: check ## check the code and run all tests, browser included
	$(BIN)/python -m tests.browser
	$(BIN)/python -m pytest

check: .venv/.test ## check sources, code style and types
	$(BIN)/python -m macros check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

zensical: .venv/.test ## build the same sources with Zensical, into site/
	$(BIN)/python -m macros check
	$(BIN)/zensical build --clean
	$(BIN)/python -m macros downloads site

bench: .venv/.test .venv-bench/.done ## measure builds against plain Material and mkdocs-bibtex, and APA text against citeproc-js
	$(BIN)/python -m tests.benchmarks.apa
	$(BIN)/python -m tests.benchmarks.bench

bench-reader: .venv/.test ## measure what a reader waits for beside plain Material; Lighthouse needs Node.js
	$(BIN)/python -m tests.benchmarks.reader

validate: .venv/.test ## check the HTML of all pages with the W3C's Nu checker; needs Node.js and Java
	$(BIN)/python -m tests.benchmarks.html

offline: site ## write the site as a zip file that works without a network, into dist/
	$(BIN)/python -m macros offline site dist/ketamine-couple-therapy-guide-offline.zip

handbook: site .venv/.test ## write the whole guide as one PDF, into dist/
	$(BIN)/python -m tests.browser
	$(BIN)/python -m macros handbook site dist/ketamine-couple-therapy-guide-handbook.pdf

lock: .venv/.dev ## write requirements/*.txt anew from pyproject.toml
	for group in site test dev; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --no-emit-index-url pyproject.toml --group $$group -o requirements/$$group.txt; done
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --no-emit-index-url requirements/bench.in -o requirements/bench.txt

clean: ## remove what builds and tests have made
	rm -rf site dist .site-* .cache .venv-bench .pytest_cache .mypy_cache .ruff_cache

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found."; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.site .venv/.test .venv/.dev: .venv/.%: requirements/%.txt pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/$*.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv-bench/.done: requirements/bench.txt | .venv/bin/python
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@touch $@
