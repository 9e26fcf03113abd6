package config_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"tolov/internal/config"
)

var update = flag.Bool("update", false, "write the files that are generated")

func TestConfigurationPageIsGenerated(t *testing.T) {
	const path = "../../docs/configuration.md"
	var page strings.Builder
	if err := config.WriteDocs(&page); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(path, []byte(page.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil || string(have) != page.String() {
		t.Errorf("docs/configuration.md is not what the struct says (%v): run go test ./internal/config -update", err)
	}
}
