# Two commands: `make run` and `make test`. The rest is for those who build Belfry.

SHELL := /bin/bash
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/belfry
export CARGO_TARGET_DIR ?= $(CACHE)/target
export BELFRY_CACHE := $(CACHE)

.PHONY: run test check bench corpus interop fuzz package screenshots bindings ui help

help: ## Show this
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: ## Install what is missing, build, start Belfry (without a display: the same job in the terminal)
	@scripts/run.sh

test: ## All checks and tests; installs what they need
	@scripts/test.sh

check: ## Formatting and lints only
	@scripts/check.sh

bench: ## Measure against the budgets
	@scripts/bench.sh

corpus: ## Read every calendar file of the corpora, if they are here, and print the tally
	@scripts/corpus.sh

interop: ## Foreign clients and servers only
	@scripts/interop.sh

fuzz: ## Fuzz the readers of foreign bytes: TARGET=loopback SECONDS=60
	@scripts/fuzz.sh $(TARGET) $(SECONDS)

ui: ## The window in a browser, over a fake behind its door
	@scripts/setup.sh node && cd ui && npm run dev

bindings: ## Write the TypeScript bindings of the window's commands
	@BELFRY_WRITE_BINDINGS=1 cargo test -q -p belfry-desktop bindings

package: ## A .deb and an .rpm
	@scripts/package.sh

screenshots: ## Pictures of the window into docs/pictures
	@scripts/screenshots.sh
