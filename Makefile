# Shortcuts. Each line can be typed by hand as well.
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
TRANSLATIONS := portal/translations
.PHONY: help setup run demo test lint sbom translations axe screenshots faults bench-delivery bench-delivery-postgresql bench-import bench-catalogue bench-load bench-pages

help: ## list these shortcuts
	@grep -E '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 34

setup: $(BIN)/.ready ## make .venv with all that running, tests and lint need

$(BIN)/.ready: requirements.txt requirements-dev.txt constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q -r requirements-dev.txt
	touch $@

run: $(BIN)/.ready ## serve the portal in instance/
	$(BIN)/python app.py

demo: $(BIN)/.ready ## serve the demo with practice Credly beside it
	$(BIN)/python app.py --demo

test: $(BIN)/.ready ## run all tests
	$(BIN)/python -m pytest

lint: $(BIN)/.ready ## check style and format
	$(BIN)/ruff check
	$(BIN)/ruff format --check

sbom: $(BIN)/.ready ## list what is installed, with versions and licences, in build/sbom.json (CycloneDX)
	mkdir -p build/instance
	INSTANCE=build/instance $(BIN)/flask --app app sbom > build/sbom.json

translations: $(BIN)/.ready ## bring every catalogue to the words of today, and compile them
	mkdir -p build
	$(BIN)/pybabel -q extract -F $(TRANSLATIONS)/babel.cfg -k _l -k lazy_gettext --no-location \
		-o build/messages.pot portal templates
	for language in $$(ls $(TRANSLATIONS) | grep -v '[.]'); do \
		$(BIN)/pybabel -q update -i build/messages.pot -d $(TRANSLATIONS) -l $$language \
			--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -w 100; done
	$(BIN)/pybabel -q compile -d $(TRANSLATIONS)

axe: $(BIN)/.ready ## check every page for accessibility, in every role, width and colour scheme
	$(BIN)/python -m tests.browser.axe_matrix

screenshots: $(BIN)/.ready ## make the pictures of the README from the demo
	$(BIN)/python -m tests.browser.screenshots

bench-delivery: $(BIN)/.ready ## measure delivery on SQLite beside bare loops of requests (minutes)
	$(BIN)/python -m tests.bench.delivery

bench-delivery-postgresql: $(BIN)/.ready ## the same on a durable PostgreSQL of its own (minutes)
	$(BIN)/python -m tests.bench.delivery --postgresql

bench-import: $(BIN)/.ready ## measure imports beside a bare loop of csv and upserts (minutes)
	$(BIN)/python -m tests.bench.importing

bench-load: $(BIN)/.ready ## let 200 learners read and complete at once for a minute, and balance the books
	$(BIN)/python -m tests.bench.load

bench-pages: $(BIN)/.ready ## measure pages beside a bare page, and lists at 100,000 awards beside 1,000 (minutes)
	$(BIN)/python -m tests.bench.pages

bench-catalogue: $(BIN)/.ready ## measure the import of a whole catalogue beside a bare loop (a minute)
	$(BIN)/python -m tests.bench.catalogue

faults: $(BIN)/.ready ## kill, stall and confuse the portal, and see that nothing is lost or sent twice (minutes)
	$(BIN)/python -m pytest tests/faults -n 4 --dist loadgroup
