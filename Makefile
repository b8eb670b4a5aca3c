.DEFAULT_GOAL := help
.PHONY: help setup run test lint fmt messages schema bench docs

help: ## shows this list
	@grep -E '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12
setup: ## makes .venv with the tools of development, message catalogues and browser files
	@bash -c 'source scripts/interpreter.sh && exec "$$PYTHON" -m scripts.setup --dev'
run: ## serves the site on this machine: make run, or ./scripts/run --help
	@./scripts/run
test: ## checks the code and runs every test in both profiles
	@./scripts/test
lint: ## checks the code only
	@./scripts/test --lint-only
fmt: ## formats the code
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format .
messages: ## collects texts for translation and compiles the catalogues
	@.venv/bin/python manage.py makemessages --all --no-obsolete --no-wrap --add-location file --ignore '.venv*' --ignore node_modules --ignore data && sed -i '/^"POT-Creation-Date:/d' locale/*/LC_MESSAGES/*.po && .venv/bin/python scripts/compile_messages.py
schema: ## writes the OpenAPI schema that the tests compare
	@.venv/bin/python manage.py write_schema
bench: ## runs every benchmark and writes bench/RESULTS.md
	@.venv/bin/python -m bench
docs: ## checks the links between the documents
	@.venv/bin/python -m scripts.check_docs
