# Two commands: `make run` and `make test`. The rest is for those who build Belfry.

SHELL := /bin/bash
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/belfry
export CARGO_TARGET_DIR ?= $(CACHE)/target
export BELFRY_CACHE := $(CACHE)

.PHONY: run test check bench corpus interop fuzz simulate simulate-real simulate-twice simulate-flaws simulate-kill check-windows check-macos package screenshots bindings ui help

help: ## Show this
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

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

simulate: ## Play whole lives in a simulated world: SEEDS=2000 FIRST=1
	@scripts/simulate.sh $(or $(SEEDS),2000) $(or $(FIRST),1)

simulate-real: ## The same over sockets and disks: SEEDS=20 FIRST=1
	@scripts/simulate.sh --real $(or $(SEEDS),20) $(or $(FIRST),1)

simulate-twice: ## Play lives twice, each has to go the same way: SEEDS=200 FIRST=1
	@scripts/simulate.sh --twice $(or $(SEEDS),200) $(or $(FIRST),1)

simulate-flaws: ## Break the engine on purpose, in one way after another; the simulation has to notice
	@scripts/simulate.sh --flaws $(or $(SEEDS),4000)

simulate-kill: ## Kill the real program at 200 random moments
	@scripts/simulate-kill.sh $(or $(ROUNDS),200)

ui: ## The window in a browser, over a fake behind its door
	@scripts/setup.sh node && cd ui && npm run dev

bindings: ## Write the TypeScript bindings of the window's commands
	@BELFRY_WRITE_BINDINGS=1 cargo test -q -p belfry-desktop bindings

check-windows: ## Type-check and lint for Windows; nothing is run
	@scripts/check-other.sh windows

check-macos: ## Type-check and lint for macOS; nothing is run
	@scripts/check-other.sh macos

package: ## A .deb and an .rpm
	@scripts/package.sh

screenshots: ## Pictures of every screen of the window into docs/pictures; `make test` compares
	@scripts/screenshots.sh
