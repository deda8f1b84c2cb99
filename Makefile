# Every command of the project. `run`, `test`, `check` and `bench` do all their own set-up.
.DEFAULT_GOAL := help
.PHONY: help run dev test check check-server check-dashboard dashboard-packages bench migrate settings lock types screenshots

# The first interpreter that is new enough; `make run PYTHON=/path/to/python3` chooses another.
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
IN_VENV := .venv/bin/python
TEST_WORKERS ?= auto
TESTS ?= tests
SIDE_BY_SIDE = $(MAKE) --no-print-directory -j2 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

ifeq ($(strip $(PYTHON)),)
$(error Burgee needs Python 3.11 or newer. Install it, or name it: make run PYTHON=/path/to/python3)
endif

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 16

run: .venv/run ## Start Burgee on http://localhost:8000
	@$(IN_VENV) dashboard/build.py --optional
	@exec $(IN_VENV) -m burgee up

dev: .venv/dev ## Start Burgee with debug pages, and the dashboard with hot reload on http://localhost:5173
	@$(IN_VENV) dashboard/build.py run dev & \
	trap "kill $$!" EXIT; DEBUG=true $(IN_VENV) -m burgee up

test: .venv/dev ## Run all tests; TESTS=tests/engine runs some of them
	@$(IN_VENV) -m pytest -n $(TEST_WORKERS) --dist worksteal $(TESTS)

check: ## Lint, formatting, types, import arrows
	@$(SIDE_BY_SIDE) .venv/dev dashboard-packages
	@$(SIDE_BY_SIDE) check-server check-dashboard

check-server:
	@$(IN_VENV) -m ruff check
	@$(IN_VENV) -m ruff format --check
	@$(IN_VENV) -m mypy
	@.venv/bin/lint-imports

check-dashboard:
	@$(IN_VENV) dashboard/build.py run --silent check

# What can be installed before .venv is there.
dashboard-packages:
	@$(PYTHON) dashboard/build.py packages

types: .venv/dev ## Write the dashboard's types anew from the OpenAPI document
	@$(IN_VENV) dashboard/generate_types.py

screenshots: .venv/dev ## Take pictures of every page of the dashboard, into dashboard/screenshots
	@BURGEE_SCREENSHOTS=dashboard/screenshots $(IN_VENV) -m pytest -q -p no:randomly tests/dashboard/test_screenshots.py

bench: .venv/dev ## Measure speed and print the table
	@exec $(IN_VENV) -m bench

migrate: .venv/run ## Bring the database to the newest schema
	@$(IN_VENV) -m burgee migrate

settings: .venv/run ## Write docs/guide/settings.md anew
	@$(IN_VENV) -m burgee settings --markdown > docs/guide/settings.md

lock: ## Pin the newest allowed versions (needs uv)
	@for name in run services dev; do uv pip compile --quiet --upgrade --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header requirements/$$name.in --output-file requirements/$$name.txt; done

# Not real files: the script decides, by lock file and stamp, whether there is anything to do.
.PHONY: .venv/run .venv/dev
.venv/run .venv/dev:
	@$(PYTHON) requirements/install.py $(@F)
