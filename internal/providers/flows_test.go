package providers_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"tolov/internal/providers"
)

var update = flag.Bool("update", false, "rewrite docs/flows.md")

func TestThePictureOfTheFlowsIsTheFlows(t *testing.T) {
	var drawn strings.Builder
	if err := providers.WriteFlows(&drawn); err != nil {
		t.Fatal(err)
	}
	const path = "../../docs/flows.md"
	if *update {
		if err := os.WriteFile(path, []byte(drawn.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	page, err := os.ReadFile(path)
	if err != nil || string(page) != drawn.String() {
		t.Errorf("docs/flows.md is not the flows: make generate (%v)", err)
	}
}
