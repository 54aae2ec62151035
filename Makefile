# Everything is in scripts/setup.py, which also runs where make does not: python3 scripts/setup.py run
PYTHON ?= python3

.PHONY: run demo test soak check
run demo test soak check:
	@$(PYTHON) scripts/setup.py $@
