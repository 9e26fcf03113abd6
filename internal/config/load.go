package config

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
)

// fileSuffix marks a variable whose value is the path of a file that holds the setting (for mounted secrets).
const fileSuffix = "_FILE"

// Load reads the settings. The error lists all faults and repeats no value: it may be a secret (H73). defaults are a
// program's own, NAME=value, where they differ from those of the struct.
func Load(environ []string, defaults ...string) (*Config, error) {
	var faults faults
	vars := faults.environment("", environ)
	for _, entry := range defaults {
		name, value, _ := strings.Cut(entry, "=")
		if _, given := vars[name]; !given {
			vars[name] = value
		}
	}
	c := &Config{Merchants: map[string]Merchant{}}
	faults.parse(c, vars, "")
	faults.merchants(c)
	faults.check(c)
	return c, faults.err()
}

// faults gathers everything that is wrong.
type faults []string

func (f *faults) add(format string, args ...any) { *f = append(*f, fmt.Sprintf(format, args...)) }

func (f faults) err() error {
	if len(f) == 0 {
		return nil
	}
	slices.Sort(f)
	return errors.New("settings:\n  " + strings.Join(slices.Compact(f), "\n  "))
}

// environment makes a map of the environment, with settings read from files where a _FILE variable says so.
func (f *faults) environment(where string, environ []string) map[string]string {
	vars := map[string]string{}
	for _, entry := range environ {
		if name, value, _ := strings.Cut(entry, "="); value != "" {
			vars[name] = value
		}
	}
	for _, s := range Settings(&Config{}) {
		path, ok := vars[s.Name+fileSuffix]
		if !ok {
			continue
		}
		if _, both := vars[s.Name]; both {
			f.add("%s%s: is set, and so is %s%s", where, s.Name, s.Name, fileSuffix)
			continue
		}
		content, err := os.ReadFile(path)
		text := strings.TrimSpace(string(content))
		switch {
		case err != nil:
			f.add("%s%s%s: cannot be read: %v", where, s.Name, fileSuffix, err)
		case text == "":
			f.add("%s%s%s: the file is empty", where, s.Name, fileSuffix)
		}
		vars[s.Name] = text
	}
	return vars
}

// parse fills the struct from the map. where names the place, for the message.
func (f *faults) parse(into any, vars map[string]string, where string) {
	for _, s := range Settings(into) {
		text, ok := vars[s.Name]
		if !ok {
			text = s.Default
		}
		if text == "" {
			continue
		}
		if err := s.set(text); err != nil {
			f.add("%s%s: %v", where, s.Name, err)
		}
	}
}
