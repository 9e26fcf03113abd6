# Everything that is done with the code, by name. `make` alone prints this list.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
BUILD   := go build -trimpath -ldflags "-X main.version=$(VERSION)"
LINT    := go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

.PHONY: help
help: ## print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

.PHONY: build
build: ## build the programs into bin/
	$(BUILD) -o bin/ ./cmd/...

.PHONY: demo
demo: build ## watch payments move: everything embedded, under 30 seconds
	@bin/payctl demo

.PHONY: test
test: ## all tests with the race detector, then 20,000 payments through the campaign
	go vet ./...
	go test -race ./...
	go test ./internal/campaign -run Campaign -seeds 20 -payments 1000 -v | grep -vE '^(=== |io: )'

.PHONY: lint
lint: ## the linters, with the reasons in .golangci.yml
	$(LINT) run

.PHONY: generate
generate: ## write generated pages and golden files anew; read the diff afterwards
	go test ./internal/providers ./internal/config ./internal/saga ./internal/events ./internal/telemetry \
		-run 'Picture|Docs|Configuration|Plays|Golden|Names|Table' -update

.PHONY: verify
verify: generate ## fail when a generated page is not what the code says
	git diff --exit-code -- docs internal

.PHONY: mutants
mutants: ## break the code on purpose, mutant by mutant; the campaign must notice each
	go test ./internal/campaign -run TestEveryMutantIsKilled -mutants -v -timeout 60m

.PHONY: chaos
chaos: ## real processes: 2,000 payments while workers are killed
	go run ./internal/lab/chaos

.PHONY: bench
bench: ## payments per second, latency, CPU and bytes, beside the bound of the same run
	go run ./internal/lab/bench

.PHONY: fuzz
fuzz: ## fuzz the decoders for a minute each
	go test ./internal/events -run '^$$' -fuzz FuzzDecode -fuzztime 1m
	go test ./internal/events -run '^$$' -fuzz FuzzRedact -fuzztime 1m
	go test ./internal/providers/atmos -run '^$$' -fuzz FuzzReply -fuzztime 1m
