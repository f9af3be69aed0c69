# Everything a maintainer runs. "make" or "make help" lists the targets.
PYTHON ?= python3
SPHINXOPTS ?= -n -W --keep-going
PAPER ?= a4
# Always python -m: the other commands in .venv/bin hold the path at which they were installed.
PY := .venv/bin/python
# Every machine has this locale; in one that is named and not installed Sphinx shows a traceback.
export LC_ALL := C
INSTALLED := .venv/installed.txt
.DEFAULT_GOAL := help
.PHONY: help html test check unverified verify watch new-paper latexpdf handout epub edition live card linkcheck lint lock clean
.PHONY: writable

help:  ## list these targets
	@sed -n 's/^\([a-z-]*\):.*##/make \1	/p' $(MAKEFILE_LIST) | expand -t 18

html: writable $(INSTALLED)  ## build the site into _build/html
	@$(PY) -m sphinx -M html . _build $(SPHINXOPTS)

test: writable $(INSTALLED)  ## build every format and run all tests
	@$(PY) -m pytest -n 3 --dist loadscope $(PYTESTOPTS)

check: $(INSTALLED)  ## find what is wrong in references.bib and in the pages
	@PYTHONPATH=_ext $(PY) -X utf8 tools/check.py

unverified: $(INSTALLED)  ## list what nobody has compared with a source
	@PYTHONPATH=_ext $(PY) -X utf8 tools/check.py --format unverified

new-paper: writable $(INSTALLED)  ## add a paper: FILE=citation.nbib or DOI=... or PMID=..., and if need be KEY=..., SECTION="...", DRY=1
	@PYTHONPATH=_ext $(PY) -X utf8 tools/new_paper.py "$$FILE" --doi "$$DOI" --pmid "$$PMID" --key "$$KEY" --section "$$SECTION" --dry "$$DRY"

verify: writable $(INSTALLED)  ## compare references, status and figures with Crossref and PubMed; KEY=..., FIX=1
	@PYTHONPATH=_ext:tools $(PY) -X utf8 -m verify --key "$$KEY" --fix "$$FIX" --force "$$FORCE" --accept "$$ACCEPT"

watch: writable $(INSTALLED)  ## ask PubMed what appeared since the last search; DONE=1 notes that it was read
	@PYTHONPATH=_ext:tools $(PY) -X utf8 -m verify.watch --done "$$DONE"

latexpdf: writable $(INSTALLED)  ## build _build/latex/research-citations.pdf, with PAPER=letter for Letter
	@$(PY) tools/needs.py tex
	@LATEXMKOPTS=-quiet $(PY) -m sphinx -M latexpdf . _build -D latex_elements.papersize=$(PAPER)paper $(SPHINXOPTS)

handout: writable $(INSTALLED)  ## build the pages to print into _build/html/handout, and the site
	@$(PY) tools/needs.py tex
	@$(PY) -m sphinx -M handout . _build $(SPHINXOPTS)
	@$(PY) -m sphinx -M html . _build $(SPHINXOPTS)

epub: writable $(INSTALLED)  ## build _build/epub/research-citations.epub
	@$(PY) -m sphinx -M epub . _build $(SPHINXOPTS)

edition: writable $(INSTALLED)  ## keep the data of this edition, so that the next can tell which fields changed
	@$(PY) -m sphinx -M html . _build -n -q -E
	@PYTHONPATH=_ext $(PY) -X utf8 tools/edition.py

live: writable $(INSTALLED)  ## rebuild and reload in the browser while you write
	@$(PY) -m sphinx_autobuild . _build/live --open-browser --ignore "$(CURDIR)/_build/*" --ignore "$(CURDIR)/.venv/*"

card: writable $(INSTALLED)  ## draw _static/card.png, which networks show of a link, with the words of conf.py
	@PYTHONPATH=_ext $(PY) -X utf8 tools/card.py

linkcheck: writable $(INSTALLED)  ## ask the web whether the links still lead somewhere
	@PYTHONPATH=_ext $(PY) -X utf8 tools/links.py

lint: $(INSTALLED)  ## check the style and the types of the code, and the markup
	@$(PY) -m ruff check . && $(PY) -m ruff format --check . && $(PY) -m mypy && $(PY) -m sphinxlint *.md
	@PYTHONPATH=_ext $(PY) -c 'from importlinter.cli import lint_imports_command as run; run()' --no-logo

lock: writable $(INSTALLED)  ## renew requirements.txt after a change to pyproject.toml
	@$(PY) -m uv pip compile pyproject.toml --group test --group lint --group verify --group live --universal --generate-hashes --no-header --upgrade -q -o requirements.txt

clean:  ## remove what was built and installed
	@rm -rf _build .venv

# The environment is built anew only when the lock file changes; the stamp is written last.
$(INSTALLED): requirements.txt
	@$(PYTHON) tools/needs.py python venv
	@$(PYTHON) tools/install.py .venv

writable:
	@for folder in . _build; do \
	  test ! -e $$folder || test -w $$folder || \
	  { echo "The folder $(CURDIR)/$$folder cannot be written: make a copy that can." >&2; exit 1; }; \
	done
