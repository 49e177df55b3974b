# How this project is worked with. `make` alone lists what there is.
PYTHON3 ?= python3
PYTHON := .venv/bin/python
LOCKING := .venv.lock
# Where the tests' databases lie: in memory where there are four gigabytes of it, so that no commit waits for a disk.
IN_MEMORY = $(shell df -k --output=avail /dev/shm 2>/dev/null | awk 'NR == 2 && $$1 > 4000000 { print "TMPDIR=/dev/shm" }')

.DEFAULT_GOAL := help
.PHONY: help demo simulate bench pictures test check format lock chromium systemd nginx

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

demo: .venv/.ready ## a practice district with its bot and a chat page; options in ARGS="…"
	$(PYTHON) -m bot demo $(ARGS)

simulate: .venv/.ready ## days of the whole program on virtual time with everything that can go wrong; options in ARGS="…"
	$(PYTHON) -m bot simulate $(ARGS)

bench: .venv/.ready .venv-peers/.ready nginx ## the bot beside two peers and a floor, and what it costs by itself; parts and options in ARGS="…"
	$(PYTHON) -m bench $(ARGS)

pictures: .venv/.ready chromium ## what leaders and teachers see, as PNG in pictures/ (two minutes)
	$(PYTHON) -m tests.browser.shows --out pictures

# Three at once on two cores: a third of the time each waits for a server, a helper or a browser.
test: .venv/.ready chromium systemd nginx ## every test, on two cores; ARGS="…" goes to pytest
	$(IN_MEMORY) $(PYTHON) -m pytest -n 3 $(ARGS)

check: .venv/.ready ## style, types and the arrows between the folders
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m mypy
	.venv/bin/lint-imports --no-logo

format: .venv/.ready ## put the code in shape
	$(PYTHON) -m ruff check --fix
	$(PYTHON) -m ruff format

chromium: .venv/.ready ## find the browser for the tests, install Debian's where that is allowed
	@$(PYTHON) -m tests.browser.chromium

systemd: .venv/.ready ## find systemd-analyze for the tests, install Debian's where that is allowed
	@$(PYTHON) -m tests.systemd

nginx: .venv/.ready ## find the load balancer for tests and bench, install Debian's where that is allowed
	@$(PYTHON) -m tests.nginx

# Installs the ranges of pyproject.toml in an empty environment and writes down what came.
# Versions only: where packages come from is the business of each machine's pip configuration.
lock: ## choose the newest versions that fit and write requirements.lock
	rm -rf $(LOCKING)
	$(PYTHON3) -m venv $(LOCKING)
	$(LOCKING)/bin/python -c 'import tomllib; p = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
		print(*p["dependencies"], *p["optional-dependencies"]["dev"], sep="\n")' > $(LOCKING)/wanted.txt
	$(LOCKING)/bin/pip install --quiet --requirement $(LOCKING)/wanted.txt
	echo "# Written by 'make lock' from pyproject.toml (Python 3.11). Do not edit." > requirements.lock
	$(LOCKING)/bin/pip list --format=freeze --exclude pip --exclude setuptools >> requirements.lock
	rm -rf $(LOCKING)

# The peers' own libraries: one of them cannot live beside ours.
.venv-peers/.ready: bench/peers/requirements.txt
	$(PYTHON3) -m venv .venv-peers
	.venv-peers/bin/pip install --quiet --disable-pip-version-check --requirement bench/peers/requirements.txt
	@touch $@

.venv/.ready: requirements.lock
	$(PYTHON3) -m venv .venv
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	@touch $@
