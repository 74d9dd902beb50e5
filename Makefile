# make demo   a town, its coverage, the map on 127.0.0.1        make test    every test
# make check  style, types, layers, docstrings                   make lock    pin the versions anew
# make serve  show the last demo again                           make notebook  run the notebooks
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check serve notebook lock clean browser postgis benchmark

demo: $(READY)
	$(BIN)/gridpatrol demo

serve: $(READY)
	$(BIN)/gridpatrol serve --database sqlite:///demo-out/town.db

test: $(READY) browser postgis
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

benchmark: $(READY)
	$(BIN)/python -m pytest tests/benchmarks --benchmark-only --benchmark-disable-gc -s

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/numpydoc lint $$(git ls-files 'geo/*.py' 'data/*.py' 'maps/*.py' 'api/*.py')

notebook: $(READY)
	$(BIN)/jupytext --to ipynb --execute notebooks/*.py
	@echo "Wrote notebooks/*.ipynb; open them in Jupyter."

lock:
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-header --group dev pyproject.toml --output-file requirements-dev.lock
	cd maps/web && npm install --package-lock-only --ignore-scripts

clean:
	rm -rf .venv .venv-* .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist maps/web/vendor demo-out

# One environment, made by any target. The packages of this project have short names, so it must
# be an environment of its own.
$(READY): requirements-dev.lock pyproject.toml hatch_build.py maps/web/package-lock.json
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "gridpatrol needs Python 3.11 or newer: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

# What the tests of pages need: Chromium, and a font that draws Chinese.
browser:
	@if command -v chromium >/dev/null && fc-list :lang=zh 2>/dev/null | grep -q .; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes \
	        --no-install-recommends chromium fonts-noto-cjk fontconfig >/dev/null; \
	else echo "No Chromium with a Chinese font here: the tests of pages will be skipped."; fi

# What the tests of the store need beside SQLite: a server of PostgreSQL with PostGIS, which they
# start and stop themselves.
postgis:
	@if ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && \
	    ls /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes \
	        --no-install-recommends postgresql postgresql-postgis >/dev/null; \
	else echo "No PostgreSQL with PostGIS here: the tests of that engine will be skipped."; fi
