package config

import (
	"os"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"tolov/internal/payment"
)

// merchants reads the merchants of CONFIG_FILE: their settings are the variables of the same names in lower case.
func (f *faults) merchants(c *Config) {
	var defaults Merchant
	f.parse(&defaults, nil, "")
	if c.Single != defaults {
		c.Merchants[payment.DefaultMerchant] = c.Single
	}
	if c.ConfigFile == "" {
		return
	}
	content, err := os.ReadFile(c.ConfigFile)
	if err != nil {
		f.add("CONFIG_FILE: cannot be read: %v", err)
		return
	}
	var file struct {
		Merchants map[string]map[string]map[string]string `yaml:"merchants"`
	}
	dec := yaml.NewDecoder(strings.NewReader(string(content)))
	dec.KnownFields(true)
	if err := dec.Decode(&file); err != nil {
		f.add("CONFIG_FILE: must be YAML of the form {merchants: {<name>: {atmos: {store_id: …}}}}: %s", unquoted(err))
		return
	}
	for name, providers := range file.Merchants {
		f.merchant(c, name, providers)
	}
}

var quoted = regexp.MustCompile("`[^`]*`")

// unquoted drops the pieces of the file that a parser's message repeats: they may be secrets (H73).
func unquoted(err error) string { return quoted.ReplaceAllString(err.Error(), "…") }

func (f *faults) merchant(c *Config, name string, providers map[string]map[string]string) {
	where := "merchants." + name + "."
	if !payment.IsMerchant(name) {
		f.add("merchants.%s: the name must match [a-z0-9-]{1,32}", name)
	}
	if _, twice := c.Merchants[name]; twice {
		f.add("merchants.%s: is set by variables of the environment too", name)
	}
	known := map[string]bool{}
	for _, s := range Settings(&Merchant{}) {
		known[s.Name] = true
	}
	var entries []string
	for provider, settings := range providers {
		for setting, value := range settings {
			key := strings.ToUpper(strings.ReplaceAll(provider, "-", "_") + "_" + setting)
			if !known[strings.TrimSuffix(key, fileSuffix)] {
				f.add("%s%s.%s: is no setting of a merchant", where, provider, setting)
			}
			entries = append(entries, key+"="+value)
		}
	}
	var m Merchant
	f.parse(&m, f.environment(where, entries), where)
	c.Merchants[name] = m
}
