# What each target needs and does not find, it installs; see internal/tools/install.sh.
# All that is built or measured goes into .build.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

# The least share of statements that tests have to reach, in percent.
MINIMUM_COVERAGE = 90

# Set on the command line.
FUZZTIME ?= 1m
BENCH ?=
USERS ?= 1000000

install := sh internal/tools/install.sh
lint := go tool -modfile=internal/tools/go.mod golangci-lint
# Not among the tools of internal/tools/go.mod, as it needs an older YAML reader than golangci-lint does.
actionlint := go run github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
node := sh internal/tools/node.sh
coverage := .build/coverage
record := .build/contract-coverage

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: run
run: ## Build and start Plaza, with a database of its own unless PLAZA_DATABASE_URL names one
	@test -n "$$PLAZA_DATABASE_URL" || $(install) postgresql
	@echo 'building plaza'
	@go build -o .build/bin/plaza ./cmd/plaza
	@exec .build/bin/plaza serve

.PHONY: build
build: ## Build the programs into .build/bin
	go build -trimpath -o .build/bin/ ./cmd/...

# What of the contract tests have seen goes into PLAZA_CONTRACT_COVERAGE, for plazadev check coverage.
# Programs that tests start write their coverage to GOCOVERDIR. It is set by -exec, as go test sets one of its own,
# in which it overlooks programs that were built in another mode than the tests.
.PHONY: test
test: internal/sdk/node_modules ## Run every test; fail where less than 90 % of the statements are covered
	@$(install) postgresql pgbouncer redis chromium git
	@rm -rf $(coverage) $(record) && mkdir -p $(coverage)/programs
	go test -timeout=30m -shuffle=on -covermode=atomic -coverpkg=./cmd/...,./internal/... -coverprofile=$(coverage)/tests.out \
		-exec 'env "GOCOVERDIR=$(CURDIR)/$(coverage)/programs" "PLAZA_CONTRACT_COVERAGE=$(CURDIR)/$(record)"' ./...
	@sh internal/tools/coverage.sh $(coverage) $(MINIMUM_COVERAGE)
	@$(MAKE) --no-print-directory client sdk-test public browser

.PHONY: client
client: ## Run the tests of the Go SDK, and its examples on the built server
	@$(install) postgresql
	go build -o .build/bin/plaza ./cmd/plaza
	PLAZA_PROGRAM='$(CURDIR)/.build/bin/plaza' go -C gen/client test -count=1 ./...
	go -C internal/sdk/gotest test -shuffle=on ./...

.PHONY: browser
browser: internal/browser/node_modules internal/sdk/example/node_modules/@plaza/client ## Run the tests that need a browser; leaves pictures in .build/pictures
	@$(install) postgresql chromium
	go build -o .build/bin/ ./cmd/plaza ./cmd/plazadev
	CHROMIUM="$$(sh internal/tools/chromium.sh)" $(node) node --test --test-reporter=spec internal/browser/*.test.js

.PHONY: sdk
sdk: internal/sdk/node_modules ## Build the TypeScript SDK and pack it into .build/sdk
	$(node) sh internal/sdk/build.sh

.PHONY: sdk-test
sdk-test: sdk internal/browser/node_modules internal/sdk/example/node_modules ## Run the tests of the TypeScript SDK
	@$(install) postgresql chromium
	go build -o .build/bin/ ./cmd/plaza ./cmd/plazadev
	go build -o .build/bin/toxiproxy github.com/Shopify/toxiproxy/v2/cmd/server
	CHROMIUM="$$(sh internal/tools/chromium.sh)" $(node) node --test --test-reporter=spec internal/sdk/test/*.test.js
	$(node) go test -tags sdk -count=1 ./internal/sdk/samples

.PHONY: public
public: internal/check/public/node_modules ## Hold plazadev's lint, breaking and mock against OpenAPI documents of others
	go test -tags npm -count=1 -v ./internal/check/public

.PHONY: example
example: internal/sdk/example/node_modules/@plaza/client ## Start the example application of the SDK, for the Plaza of make run
	$(node) npm run dev --prefix internal/sdk/example

# As anybody installs it, but for its line in package-lock.json, which would change with each build.
.PHONY: internal/sdk/example/node_modules/@plaza/client
internal/sdk/example/node_modules/@plaza/client: sdk internal/sdk/example/node_modules
	$(node) npm install --prefix internal/sdk/example --no-save --prefer-offline --no-audit --no-fund --loglevel=error \
		'$(CURDIR)/.build/sdk/plaza-client.tgz'

internal/tools/node/node_modules: internal/tools/node/package-lock.json
	@$(install) node
	npm ci --prefix internal/tools/node --prefer-offline --no-audit --no-fund --loglevel=error
	@touch $@

internal/%/node_modules: internal/%/package-lock.json | internal/tools/node/node_modules
	$(node) npm ci --prefix internal/$* --prefer-offline --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: race
race: internal/sdk/node_modules ## Run every test under the race detector
	@$(install) postgresql pgbouncer redis compiler git
	go build -o .build/bin/plaza ./cmd/plaza
	PLAZA_PROGRAM='$(CURDIR)/.build/bin/plaza' CGO_ENABLED=1 go -C gen/client test -race -count=1 ./...
	CGO_ENABLED=1 go -C internal/sdk/gotest test -race -shuffle=on ./...
	CGO_ENABLED=1 go test -race -shuffle=on -timeout=40m ./...

.PHONY: fuzz
fuzz: ## Run each fuzz target for FUZZTIME (1m)
	@$(install) postgresql
	@sh internal/tools/fuzz.sh '$(FUZZTIME)'

.PHONY: bench
bench: ## Measure Plaza with USERS (1000000) users, charts in .build/bench.html; with BENCH the Go benchmarks that match it
	@$(install) postgresql redis
ifeq ($(BENCH),)
	@mkdir -p .build
	go run ./cmd/plazadev bench --users $(USERS) --html .build/bench.html
else
	go test -run '^$$' -bench '$(BENCH)' -benchmem ./...
endif

.PHONY: seed
seed: ## Fill the database with USERS (1000000) users
	@test -n "$$PLAZA_DATABASE_URL" || $(install) postgresql
	go run ./cmd/plazadev seed --users $(USERS)

.PHONY: generate
generate: internal/sdk/node_modules ## Write gen/ from the contract, the SQL and the SDKs' runtimes
	@sh internal/tools/generate.sh

.PHONY: fmt
fmt: ## Format the code
	$(lint) fmt

.PHONY: lint
lint: internal/sdk/node_modules ## Run the linters
	$(lint) run
	$(node) internal/sdk/node_modules/.bin/oxlint internal
	$(actionlint)

.PHONY: check
check: internal/sdk/node_modules ## Prove that contract, code, SQL and SDKs have not drifted apart; takes what make test has left
	@$(install) postgresql git
	go run ./cmd/plazadev check

.PHONY: hooks
hooks: ## Make git check what is quick to check before each commit
	@sh internal/tools/hooks.sh

# Cheap steps first; the race run last, so that its lines close the log.
.PHONY: verify
verify: internal/sdk/node_modules ## Check all that CI checks after the tests: drift, modules, linters, races
	@$(MAKE) --no-print-directory check
	go mod tidy -diff
	go -C internal/tools mod tidy -diff
	go -C gen/client mod tidy -diff
	go -C internal/sdk/gotest mod tidy -diff
	go vet ./...
	go -C gen/client vet ./...
	go -C internal/sdk/gotest vet ./...
	$(lint) fmt --diff
	$(lint) run
	$(node) internal/sdk/node_modules/.bin/oxlint internal
	$(actionlint)
	cd gen/client && go tool -modfile='$(CURDIR)/internal/tools/go.mod' golangci-lint run
	cd internal/sdk/gotest && go tool -modfile='$(CURDIR)/internal/tools/go.mod' golangci-lint run
	$(MAKE) race

.PHONY: clean
clean: ## Remove .build; the data in .plaza stays
	rm -rf .build
