# Every task of Backprop Lab. `make help` prints this list. `make serve` and `make test` set up what they need themselves.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin
NPM := $(BIN)/python scripts/frontend.py npm
WITH_BROWSER := $(BIN)/python scripts/ensure_browser.py
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help serve test test-python test-browser-code test-gpu fuzz lint format types check bench golden api-docs screenshots lock clean venv venv-dev

# show this list
help:
	@awk '/^# /{text=substr($$0,3); next} /^[a-z-]+:/{if (text) printf "  %-14s %s\n", substr($$1,1,length($$1)-1), text} {text=""}' Makefile

# set up what is missing, build the pages and start the app (HOST, PORT)
serve: venv
	@$(BIN)/backprop-lab serve --host $(HOST) --port $(PORT)

# set up what is missing, a browser too, and run all tests: TypeScript, Python, end to end
test: test-browser-code test-python

# run the Python and end-to-end tests only (ARGS="-k name" picks some)
test-python: venv-dev
	@$(WITH_BROWSER) $(BIN)/python -m pytest $(ARGS)

# run the TypeScript tests only
test-browser-code: venv-dev
	@$(NPM) test

# run the tests that need an NVIDIA device (pip install -e '.[gpu]' first)
test-gpu: venv-dev
	@BACKPROP_LAB_REQUIRE_GPU=1 $(BIN)/python -m pytest tests/engine $(ARGS)

# throw 10,000 requests made from the OpenAPI document at the API (FUZZ=100000 for more)
fuzz: venv-dev
	@BACKPROP_LAB_FUZZ=$(or $(FUZZ),10000) $(BIN)/python -m pytest tests/app/test_schema.py -q $(ARGS)

# look for mistakes and for lines that `make format` would change, in Python and TypeScript
lint: venv-dev
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(NPM) run lint

# lay the code out anew
format: venv-dev
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format
	@$(NPM) run format

# check the types of the Python and the TypeScript code
types: venv-dev
	@$(BIN)/mypy
	@$(NPM) exec -- tsc --noEmit

# lint, types and test: what must pass before a commit
check: lint types test

# measure, and write docs/benchmarks.md
bench: venv-dev
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m bench.run

# record the traces of tests/golden again, and show what changed
golden: venv-dev
	@$(BIN)/python scripts/golden.py
	@git --no-pager diff --stat -- tests/golden

# write docs/api.md from the OpenAPI document
api-docs: venv-dev
	@$(BIN)/python scripts/api_docs.py

# take the pictures of docs/screenshots
screenshots: venv-dev
	@$(WITH_BROWSER) $(BIN)/python scripts/screenshots.py

# resolve requirements/*.txt anew, for every platform (needs the network)
lock: venv-dev
	@$(BIN)/python scripts/lock.py

# delete all that make made
clean:
	rm -rf .venv node_modules app/static/dist dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results
	find app engine tests scripts bench -name __pycache__ -prune -exec rm -rf {} +

venv:
	@$(PYTHON) scripts/bootstrap.py

venv-dev:
	@$(PYTHON) scripts/bootstrap.py --dev
