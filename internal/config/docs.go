package config

import (
	"fmt"
	"io"
	"strings"
)

const docsHead = `# Settings

Every setting is an environment variable. With the suffix ` + "`_FILE`" + ` it names a file that holds the value, for
mounted secrets. ` + "`CONFIG_FILE`" + ` names a YAML file with several merchants; their settings are those of the
merchant's providers below, in lower case and without the provider's name:

` + "```yaml" + `
merchants:
  shop:
    atmos: {base_url: https://apigw.atmos.uz, consumer_key_file: /run/secrets/key, store_id: 8032}
` + "```" + `

A wrong or missing setting ends the start with one message that lists all faults.
`

// WriteDocs writes docs/configuration.md: a table of the settings for each group.
func WriteDocs(w io.Writer) error {
	var b strings.Builder
	b.WriteString(docsHead)
	group := "none yet"
	for _, s := range Settings(&Config{}) {
		if s.Group != group {
			group = s.Group
			fmt.Fprintf(&b, "\n## %s\n\n| setting | default | meaning |\n|---|---|---|\n", heading(group))
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", s.Name, shown(s.Default), s.Doc)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func heading(group string) string {
	if group == "" {
		return "General"
	}
	return group
}

func shown(value string) string {
	if value == "" {
		return ""
	}
	return "`" + value + "`"
}
