# Everything that is done with the code, by name. `make` alone prints this list.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
COMMIT  ?= $(shell git rev-parse HEAD 2>/dev/null)
LDFLAGS := -s -w -X tolov/internal/build.version=$(VERSION) -X tolov/internal/build.commit=$(COMMIT)
# What is shipped comes from one compiler.
TOOLCHAIN ?= go1.26.8
BUILD   := CGO_ENABLED=0 go build -trimpath -ldflags "$(LDFLAGS)"
OVERLAY ?= prod
NAMESPACE ?= tolov
EPOCH    ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 0)
REGISTRY ?= registry.example.uz
IMAGES = GOTOOLCHAIN=$(TOOLCHAIN) bin/images -root . -version $(VERSION) -commit $(COMMIT) -time $(EPOCH) -registry $(REGISTRY)
KUBE = go build -trimpath -ldflags "-X k8s.io/component-base/version.gitVersion=$$(go list -m -f '{{.Version}}' k8s.io/kubernetes)"
LINT    := go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

.PHONY: help
help: ## print this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

.PHONY: build
build: ## build the programs into bin/
	$(BUILD) -o bin/ ./cmd/...

.PHONY: demo
demo: build ## watch payments move: everything embedded, under 30 seconds
	@bin/payctl demo

.PHONY: bin/jaeger
bin/jaeger: # its module is one of its own, so that ours stays lean
	cd tools/jaeger && go build -trimpath -ldflags "-s -w" -o ../../bin/ github.com/jaegertracing/jaeger/cmd/jaeger

.PHONY: jaeger
jaeger: build bin/jaeger ## watch the same demo in a real Jaeger: its traces as text, then its query API until Ctrl-C
	go run ./internal/lab/jaeger

.PHONY: jaeger-test
jaeger-test: build bin/jaeger ## ask a real Jaeger whether the demo's traces are as they must be
	go test ./internal/lab/traces -run Jaeger -count=1 -v -bin $(CURDIR)/bin

.PHONY: test
test: ## all tests with the race detector, then the campaign whole: a crash at every point, 20,000 payments
	go vet ./...
	go test -race -short -timeout 20m ./...
	cd deploy && go vet ./... && go test ./...
	@$(MAKE) --no-print-directory -j2 campaign-seeds campaign-matrix

# Each in a process of its own: within one, bubbles of virtual time cannot run side by side.
CAMPAIGN := go test ./internal/campaign -v
QUIETLY  := grep -vE '^(=== |--- SKIP|io: |redis: | +(--- |crash_|corpus_|mutants_test.go:30))'

.PHONY: campaign-seeds
campaign-seeds:
	$(CAMPAIGN) -run TestCampaign -seeds 10 -payments 2000 | $(QUIETLY)

.PHONY: campaign-matrix
campaign-matrix:
	$(CAMPAIGN) -skip TestCampaign | $(QUIETLY)

.PHONY: lint
lint: ## the linters, with the reasons in .golangci.yml
	$(LINT) run
	cd deploy && $(LINT) run -c ../.golangci.yml

.PHONY: generate
generate: ## write generated pages and golden files anew; read the diff afterwards
	go test ./internal/providers ./internal/config ./internal/saga ./internal/events ./internal/telemetry \
		./cmd/payctl ./cmd/worker ./cmd/webhook-ingress \
		-run 'Picture|ConfigurationPage|Plays|Golden|NamesAndTables' -update
	cd deploy && go test ./identities -run Matrix -update

.PHONY: verify
verify: generate ## fail when a generated page is not what the code says
	git diff --exit-code -- docs internal cmd deploy

.PHONY: manifests
manifests: ## print what runs in Kubernetes: OVERLAY=prod or dev
	@cd deploy && go run ./cmd/manifests k8s/overlays/$(OVERLAY)

.PHONY: secrets
secrets: ## make all Secrets of a cluster anew and print them: NAMESPACE=tolov, ARGS=-sandbox for the overlay dev
	@cd deploy && go run ./cmd/secrets -namespace $(NAMESPACE) $(ARGS)

.PHONY: images
images: ## build the container images into dist/images, without Docker and without a registry
	cd deploy/images && go build -trimpath -o ../../bin/images .
	$(IMAGES) -out dist/images

.PHONY: release
release: images ## dry run of a release: archives, checksums, SBOMs, and images built twice; nothing is published
	rm -rf dist/release && mkdir -p dist/release
	for target in linux/amd64 linux/arm64 darwin/arm64; do \
		at=tolov_$(VERSION)_$${target/\//_}; \
		GOTOOLCHAIN=$(TOOLCHAIN) GOOS=$${target%/*} GOARCH=$${target#*/} $(BUILD) -o dist/release/$$at/ ./cmd/...; \
		cp LICENSE README.md CHANGELOG.md dist/release/$$at; \
		tar --sort=name --mtime=@$(EPOCH) --owner=0 --group=0 --numeric-owner -C dist/release -cf - $$at | \
			gzip -n > dist/release/$$at.tar.gz; \
		rm -r dist/release/$$at; done
	cp dist/images/sbom/*.json dist/images/kustomization.yaml dist/release
	$(IMAGES) -out dist/again
	diff dist/images/kustomization.yaml dist/again/kustomization.yaml && rm -r dist/again
	cd dist/release && sha256sum * > SHA256SUMS && cat SHA256SUMS

.PHONY: k8s-verify
k8s-verify: ## apply every overlay to a real API server by dry run; builds kube-apiserver and etcd, half an hour the first time
	mkdir -p bin/k8s
	cd deploy/apiserver && $(KUBE) -o ../../bin/k8s/kube-apiserver k8s.io/kubernetes/cmd/kube-apiserver && \
		go build -trimpath -o ../../bin/k8s/etcd go.etcd.io/etcd/server/v3 && \
		go build -trimpath -o ../../bin/k8s/apiserver .
	cd deploy && for overlay in dev prod prod-hpa; do \
		go run ./cmd/manifests k8s/overlays/$$overlay > ../bin/k8s/$$overlay.yaml; done
	bin/k8s/apiserver -bin bin/k8s -crds deploy/k8s/crds bin/k8s/dev.yaml bin/k8s/prod.yaml bin/k8s/prod-hpa.yaml

.PHONY: api-verify
api-verify: ## check api/asyncapi.yaml with AsyncAPI's own parser (node and npm)
	cd tools/asyncapi && npm ci --ignore-scripts --no-audit --no-fund --silent && node check.mjs ../../api/asyncapi.yaml

.PHONY: mutants
mutants: ## break the code on purpose, mutant by mutant; the campaign must notice each
	go test ./internal/campaign -run TestEveryMutantIsKilled -mutants -v -timeout 60m

.PHONY: chaos
chaos: ## real processes: 2,000 payments while workers are killed
	go run ./internal/lab/chaos

.PHONY: chaos-all
chaos-all: ## the same while workers freeze too, and NATS and Redis are killed
	go run ./internal/lab/chaos -freeze -nats -redis -within 10m

.PHONY: bench
bench: ## payments per second, latency, CPU and bytes, beside the bound of the same run
	go run ./internal/lab/bench

.PHONY: bench-ingress
bench-ingress: ## the calls of Uzum Bank at 500 requests/s, beside those of a bare handler
	go run ./internal/lab/bench -ingress 500 -bound 30s

.PHONY: soak
soak: ## 100,000 payments on and on: does memory grow?
	go run ./internal/lab/bench -soak 100000 -sync default -latency 0

.PHONY: fuzz
fuzz: ## fuzz the decoders for a minute each
	go test ./internal/ingress -run '^$$' -fuzz FuzzUzum -fuzztime 1m
	go test ./internal/ingress -run '^$$' -fuzz FuzzAtmos -fuzztime 1m
	go test ./internal/providers/uzum -run '^$$' -fuzz FuzzRead -fuzztime 1m
	go test ./internal/events -run '^$$' -fuzz FuzzDecode -fuzztime 1m
	go test ./internal/events -run '^$$' -fuzz FuzzRedact -fuzztime 1m
	go test ./internal/providers/atmos -run '^$$' -fuzz FuzzReply -fuzztime 1m
