# `make run` and `make test` need only Python 3.11 or newer and make.
.DEFAULT_GOAL := help
.PHONY: help run test check manage bench nightly lock

VENV := .venv
BIN := $(VENV)/bin/python
# The newest Python that everything we use has wheels for; `make PY=… run` chooses another.
PY ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; break; fi; done)
ARGS ?=

help:
	@echo "make run                      everything, in the foreground, with a demo (PORT=8000)"
	@echo "make test                     the whole suite (ARGS=\"tests/leads -x\" for a part)"
	@echo "make check                    style, order of the apps, types, translations, migrations"
	@echo "make manage ARGS=\"figures\"    one command of the command line"
	@echo "make bench                    speed of pages and verbs (ARGS=\"--leads 10000\")"
	@echo "make nightly                  the suite with everything that takes long, then the bench"
	@echo "make lock                     write the lock files anew"

# What `make run` needs; where the tools for tests are installed as well, they stay.
$(VENV)/.run: requirements-run.lock
	@sh scripts/install $(VENV) "$(PY)" $(if $(wildcard $(VENV)/.dev),requirements-dev.lock,requirements-run.lock)
	@touch $@

$(VENV)/.dev: requirements-dev.lock
	@sh scripts/install $(VENV) "$(PY)" requirements-dev.lock
	@touch $@ $(VENV)/.run

run: $(VENV)/.run
	@$(BIN) manage.py up

manage: $(VENV)/.run
	@$(BIN) manage.py $(ARGS)

bench: $(VENV)/.run
	@$(BIN) manage.py bench $(ARGS)

test: $(VENV)/.dev
	@$(BIN) -m pytest -n 2 $(ARGS)

check: $(VENV)/.dev
	@$(BIN) scripts/check.py

nightly: $(VENV)/.dev
	@SMARKETING_NIGHTLY=1 $(BIN) -m pytest -n 2 $(ARGS)
	@$(BIN) manage.py bench --leads 100000

LOCK := $(BIN) -m uv pip compile -q --universal --generate-hashes --python-version 3.11 \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml

lock: $(VENV)/.dev
	@$(LOCK) -o requirements.lock
	@$(LOCK) -c requirements.lock --extra embedded -o requirements-run.lock
	@$(LOCK) -c requirements.lock --extra embedded --group test --group e2e --group lint -o requirements-dev.lock
