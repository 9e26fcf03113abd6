package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"tolov/internal/desk"
)

func TestKeysAreMadeAndListed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keys.json")
	payctl(t, "", "keys", "new", "--file", file).expect(t, exitDone,
		"key made    k… in "+file, "  public      …", "  offered     since it is there")
	var made desk.Key
	s := payctl(t, "", "--json", "keys", "new", "--file", file, "--after", "1h")
	if err := json.Unmarshal([]byte(s.out), &made); err != nil || made.From.IsZero() || len(made.PublicKey) != 43 {
		t.Errorf("as JSON %s, %v", s.out, err)
	}
	s = payctl(t, "", "keys", "list", "--file", file)
	s.expect(t, exitDone,
		"  KEY …  PUBLIC …  CALLERS SEAL TO IT",
		"  "+made.ID+"  "+made.PublicKey+"  from … (in …); it opens cards as soon as workers have it",
		"  k…  …  now, since it is there")
	if strings.Contains(s.out, "private") {
		t.Error("what opens is shown")
	}
	payctl(t, "", "keys", "new").expect(t, exitUsage)
	payctl(t, "", "keys", "list", "--file", "/nowhere").expect(t, exitFailed)
}

func TestWorkersTellWhichKeysTheyHave(t *testing.T) {
	payctl(t, "", "keys", "list").expect(t, exitDone,
		"  KEY …  PUBLIC …  CALLERS SEAL TO IT …  WORKERS", "  k…  …  now, since it is there  1 of 1")
	payctl(t, "", "--json", "keys", "list").expect(t, exitDone, `{"keys":[{"id":"k…","public_key":"…"}]}`)
}
