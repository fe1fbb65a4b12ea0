# `make site` and `make test` are all that a fresh machine needs: Python 3.11 or newer, git and make.

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
export NO_MKDOCS_2_WARNING := 1

.PHONY: fonts site serve test check bench bench-reader validate offline handbook course-packages lock sbom zensical clean help
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
	$(BIN)/python -m macros check --format $(if $(GITHUB_ACTIONS),github,text)
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

COURSE := dist/ketamine-couple-therapy-guide-course
course-packages: site ## write the course as SCORM 1.2 and its questions as QTI 2.1, into dist/
	$(BIN)/python -m macros course scorm site $(COURSE)-scorm12.zip
	$(BIN)/python -m macros course qti $(COURSE)-qti21

lock: .venv/.dev ## write requirements/*.txt anew from pyproject.toml
	for group in site test dev; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --no-emit-index-url pyproject.toml --group $$group -o requirements/$$group.txt; done
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --no-emit-index-url requirements/bench.in -o requirements/bench.txt

sbom: .venv/.dev ## write what the built site is made with as a CycloneDX bill of materials, into dist/
	mkdir -p dist
	$(BIN)/cyclonedx-py requirements requirements/site.txt --pyproject pyproject.toml --mc-type application \
		--output-reproducible --sv 1.6 -o dist/sbom.cdx.json

GLYPHS := U+0020-007E,U+00A0,U+00A7,U+00A9,U+00AB,U+00B0-00B2,U+00B5,U+00B7,U+00BB-00FF,U+2009,U+2010-2014,U+2018-201E,U+2022,U+2026,U+2032,U+2033,U+20AC,U+2190-2193,U+2212,U+2248,U+2264,U+2265
fonts: .venv/.dev ## cut the fonts down anew to the characters that pages use; needs npm
	rm -rf .fonts && mkdir .fonts && cd .fonts && npm pack --silent @fontsource/source-serif-4@5.3.1 && tar xzf *.tgz
	for cut in 400-normal 400-italic 600-normal; do $(BIN)/pyftsubset .fonts/package/files/source-serif-4-latin-$$cut.woff2 \
		--unicodes=$(GLYPHS) --layout-features=kern,liga,tnum,lnum --flavor=woff2 --no-hinting --desubroutinize \
		--output-file=docs/assets/fonts/source-serif-4-$$cut.woff2; done
	rm -rf .fonts

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
