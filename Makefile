SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# Node 24 comes from npm's `node` package, whatever Node started npm.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

INSTALLED := node_modules/.installed
SOURCES := $(shell find src -name '*.ts' -not -name '*.test.ts')
MANIFESTS := dist/manifests/.extracted

.PHONY: help up test unit verify build release bench parts generate clean

help: ## Show what can be made
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(INSTALLED): package-lock.json .npmrc
	@echo 'installing npm packages' >&2
	@npm ci --no-fund --no-audit --loglevel=error >&2
	@touch $@

dist/main.mjs: $(INSTALLED) $(SOURCES) esbuild.config.mjs
	@node esbuild.config.mjs

$(MANIFESTS): $(INSTALLED) hack/manifests/extract.ts hack/manifests/go.mod hack/manifests/go.sum hack/controlplane/go.mod \
		src/providers/metal/manifests/manifests.ts
	@node hack/manifests/extract.ts
	@touch $@

build: dist/main.mjs $(MANIFESTS) ## Bundle the product into dist/main.mjs, with the manifests that it delivers

parts: $(INSTALLED) ## Build the Go programs of landscape and tests (cached)
	@node landscape/parts/main.ts

up: build ## Start a landscape, apply example/shoot.yaml, stay until Ctrl-C (ONCE=1, OUTPUT=json)
	@exec node landscape/up.ts

unit: $(INSTALLED) ## Run the unit tests only
	@vitest run --project unit

test: build parts ## Run all tests, unit and integration (FILES="test/integration/events.test.ts" runs some)
	@vitest run $(FILES)

verify: $(INSTALLED) ## Check types, lint, formatting, import rules, unused code
	@tsc --noEmit
	@biome check --error-on-warnings .
	@knip

generate: $(INSTALLED) ## Write the docs and the schemas of charts' values, which are made from the code
	@node hack/generate-docs.ts
	@node hack/charts/main.ts
	@biome format --write docs/usage/schemas charts

release: build parts ## Package charts, bundle and bill of materials into dist/release (IMAGE=1 builds the image, PUSH=1 pushes)
	@node hack/release/main.ts

bench: build ## Measure controllers and admission beside their floors (BENCH=controllers, COUNTS=50,100,300)
	@node test/bench/main.ts

clean: ## Remove what was built here and every landscape
	@rm -rf dist .landscape coverage node_modules
