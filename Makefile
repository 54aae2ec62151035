# Everything is in scripts/setup.py, which also runs where make does not: python3 scripts/setup.py run
PYTHON ?= python3

.PHONY: run demo test check
run demo test check:
	@$(PYTHON) scripts/setup.py $@
