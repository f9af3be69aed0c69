# Everything a maintainer runs. "make" or "make help" lists the targets.
PYTHON ?= python3
SPHINXOPTS ?= -n -W --keep-going
BIN := .venv/bin
INSTALLED := .venv/installed.txt
.DEFAULT_GOAL := help
.PHONY: help html test check unverified new-paper latexpdf epub live linkcheck lint lock clean

help:  ## list these targets
	@sed -n 's/^\([a-z-]*\):.*##/make \1	/p' $(MAKEFILE_LIST) | expand -t 18

html: $(INSTALLED)  ## build the site into _build/html
	@$(BIN)/sphinx-build -M html . _build $(SPHINXOPTS)

test: $(INSTALLED)  ## build every format and run all tests
	@$(BIN)/pytest -n 3 --dist loadscope $(PYTESTOPTS)

check: $(INSTALLED)  ## find what is wrong in references.bib and in the pages
	@PYTHONPATH=_ext $(BIN)/python -X utf8 tools/check.py

unverified: $(INSTALLED)  ## list what nobody has compared with a source
	@PYTHONPATH=_ext $(BIN)/python -X utf8 tools/check.py --format unverified

new-paper: $(INSTALLED)  ## add a paper: FILE=citation.nbib, and if need be KEY=..., SECTION="...", DRY=1
	@PYTHONPATH=_ext $(BIN)/python -X utf8 tools/new_paper.py "$$FILE" --key "$$KEY" --section "$$SECTION" --dry "$$DRY"

latexpdf: $(INSTALLED)  ## build _build/latex/research-citations.pdf
	@$(BIN)/python tools/needs.py tex
	@LATEXMKOPTS=-quiet $(BIN)/sphinx-build -M latexpdf . _build $(SPHINXOPTS)

epub: $(INSTALLED)  ## build _build/epub/research-citations.epub
	@$(BIN)/sphinx-build -M epub . _build $(SPHINXOPTS)

live: $(INSTALLED)  ## rebuild and reload in the browser while you write
	@$(BIN)/sphinx-autobuild . _build/live --open-browser --ignore "$(CURDIR)/_build/*" --ignore "$(CURDIR)/.venv/*"

linkcheck: $(INSTALLED)  ## ask the web whether the links still lead somewhere
	@$(BIN)/sphinx-build -M linkcheck . _build

lint: $(INSTALLED)  ## check the style and the types of the code, and the markup
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/sphinx-lint *.md && PYTHONPATH=_ext $(BIN)/lint-imports --no-logo

lock: $(INSTALLED)  ## renew requirements.txt after a change to pyproject.toml
	@$(BIN)/uv pip compile pyproject.toml --group test --group lint --group paper --group live --universal --generate-hashes --no-header --upgrade -q -o requirements.txt

clean:  ## remove what was built and installed
	@rm -rf _build .venv

# The environment is built anew only when the lock file changes; the stamp is written last.
$(INSTALLED): requirements.txt
	@$(PYTHON) tools/needs.py python
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@cp requirements.txt $@
