# What a person types, and what CI runs. `make` alone shows the list.

DEBIAN   := build-essential pkg-config libgdal-dev
CLIENTS  := librsvg2-bin poppler-utils
BROWSER  := chromium
NODE     := nodejs npm
GIS      := python3-qgis qgis-providers
DATABASE := postgresql postgresql-postgis
GRAPHS   := python3-networkx python3-igraph
VENV     := python3-venv
STUDIES  := $(wildcard geodata/*/study.toml)
CARGO    ?= cargo
PROGRAM  := target/release/flowatlas
# What takes an SQL engine: left out of everything but `make records`.
ENGINE   := flowatlas-records flowatlas-cluster
LIGHT    := --workspace $(addprefix --exclude ,$(ENGINE))
HEAVY    := --profile records --locked --features flowatlas/cluster $(addprefix -p ,flowatlas $(ENGINE))
AS_ROOT  := $(if $(filter 0,$(shell id -u)),,sudo)

.PHONY: help figures gallery style-pictures test check records records-bench browser bench bless oracles deps viewers clients rust-tools

# Installs those of the Debian packages that are not there.
define install
missing=; \
for package in $(1); do \
  dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
done; \
if [ -n "$$missing" ]; then \
  echo "installing$$missing"; \
  $(AS_ROOT) apt-get update -qq && \
  DEBIAN_FRONTEND=noninteractive $(AS_ROOT) apt-get install -y -qq --no-install-recommends $$missing; \
fi
endef

help: ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

figures: deps ## Build the program and make every map, table and layer of the shipped studies in out/
	$(CARGO) build --release --locked
	$(PROGRAM) run $(STUDIES) --out out

gallery: deps ## Draw the pictures and the table of geodata/gallery/README.md again; fails to say that they changed
	BLESS=1 $(CARGO) test --locked --test gallery the_table

style-pictures: deps ## Draw the pictures of styles/README.md again; fails to say that they changed
	BLESS=1 $(CARGO) test --locked --test styles the_pictures

test: deps viewers ## Run all tests, then those of the program without GDAL
	$(CARGO) test $(LIGHT) --locked
	$(CARGO) test --locked --no-default-features -p flowatlas -p flowatlas-ingest

check: deps rust-tools ## Formatting, lints, documentation, licences of dependencies; warnings are errors
	$(CARGO) fmt --all --check
	$(CARGO) clippy $(LIGHT) --all-targets --locked -- -D warnings
	$(CARGO) clippy $(LIGHT) --all-targets --locked --no-default-features -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc $(LIGHT) --no-deps --document-private-items --locked
	$(CARGO) test --locked --test licences

records: deps rust-tools ## Build flowatlas aggregate and flowatlas-cluster, and run their tests with a real scheduler, executors and store
	$(CARGO) build $(HEAVY)
	@if command -v dpkg-query >/dev/null; then $(call install,$(VENV)); fi
	python3 -m venv target/stores && target/stores/bin/pip install --quiet -r tests/stores/requirements.txt
	$(CARGO) test $(HEAVY) --lib --bins --test aggregate --test stores --test geos --test cluster
	$(CARGO) clippy $(HEAVY) --all-targets -- -D warnings

records-bench: deps ## Measure flowatlas aggregate against its goals and peers: make records-bench [RECORDS=50000000]
	$(CARGO) bench $(HEAVY) --bench records

browser: deps ## Open the pages in Chromium: pointer, keyboard, filters, hostile names
	@if ! command -v chromium >/dev/null; then $(call install,$(BROWSER)); fi
	@if ! { command -v node && command -v npm; } >/dev/null; then $(call install,$(NODE)); fi
	$(CARGO) build --locked
	mkdir -p target/browser && cp tests/browser/* target/browser
	cd target/browser && npm install --silent --no-audit --no-fund && FLOWATLAS=$(CURDIR)/target/debug/flowatlas npm test

bench: deps ## Measure speed and layouts, against goals and peers: make bench [DATA="PLACES FLOWS"]
	$(CARGO) bench --locked --bench speed
	$(CARGO) bench --locked --bench layout -- $(DATA)
	$(CARGO) bench --locked --bench network
	$(CARGO) bench --locked --bench drawing

bless: deps ## Take the pictures as they are now for the golden maps: make bless [NAME=ring]
	BLESS=1 $(CARGO) test --locked --test golden --test maps --test maps_matrix --test figures $(NAME)

oracles: deps ## Record the answers of other programs again, tell which changed, and compare ours with them
	@for folder in . classes backbone; do \
	  python3 -m venv target/oracles/$$folder && \
	  target/oracles/$$folder/bin/pip install --quiet -r tests/oracles/$$folder/requirements.txt && \
	  for script in tests/oracles/$$folder/record*.py; do target/oracles/$$folder/bin/python $$script || exit 1; done || exit 1; \
	done
	git diff --stat tests/oracles
	$(CARGO) test --locked -p flowatlas-network --test oracles --test oracles_positions --test migration

deps: ## Install what Debian lacks for building: a C toolchain and GDAL
	@if command -v dpkg-query >/dev/null; then $(call install,$(DEBIAN)); \
	else pkg-config --exists gdal || { echo "not a Debian: install a C toolchain, pkg-config and GDAL's headers" >&2; exit 1; }; fi

viewers: ## Install the programs that tests open our pictures in: librsvg and Poppler
	@if command -v dpkg-query >/dev/null; then $(call install,$(CLIENTS)); \
	else command -v rsvg-convert pdftoppm >/dev/null || { echo "not a Debian: install librsvg's and Poppler's programs" >&2; exit 1; }; fi

clients: deps ## Install QGIS, PostGIS, NetworkX and igraph and run the tests in them: files open as they were meant
	@if command -v dpkg-query >/dev/null; then $(call install,$(GIS) $(DATABASE) $(GRAPHS)); \
	else /usr/bin/python3 -c 'import qgis.core' || { echo "not a Debian: install QGIS, NetworkX and igraph with their Python modules, and PostGIS" >&2; exit 1; }; fi
	$(CARGO) test --locked --test qgis --test postgis --test graphs -- --ignored

rust-tools:
	@$(CARGO) fmt --version >/dev/null 2>&1 && $(CARGO) clippy --version >/dev/null 2>&1 || rustup component add rustfmt clippy
