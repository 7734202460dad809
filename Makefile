# make demo   installs into .venv and runs the whole path on invented data
# make test   installs what the tests need and runs all of them
# make lint   ruff, mypy --strict, import-linter, codespell
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# One thread for every numeric library: results do not depend on the machine, and two cores are not oversubscribed.
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1
# Bytecode is what makes the second start fast.
export PYTHONDONTWRITEBYTECODE =

.PHONY: demo test lint clean

demo: $(VENV)/.core
	$(BIN)/riskmodel demo

test: $(VENV)/.test
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell

$(VENV)/.core: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.test: $(VENV)/.core
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[test]"
	@touch $@

clean:
	rm -rf $(VENV) data runs scores mlflow.db mlartifacts
