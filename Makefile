# make demo   installs into .venv and runs the whole path on invented data
# make cards  the same, and the examples on real data; writes all four cards of model_cards
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

.PHONY: demo cards test lint clean

demo: $(VENV)/.core
	$(BIN)/riskmodel demo

# The data of the examples must be there: see their README.
cards: demo
	$(BIN)/riskmodel --project examples/oulad run not_completing
	$(BIN)/riskmodel --project examples/star run low_reading
	cp -R examples/oulad/model_cards/not_completing examples/star/model_cards/low_reading model_cards/

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
