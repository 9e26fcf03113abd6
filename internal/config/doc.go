// Package config reads the settings: one struct, all faults at once.
//
// Every setting is an environment variable, or with the suffix _FILE the path of a file that holds it. CONFIG_FILE
// names a YAML file with several merchants, whose settings have the same names in lower case. docs/configuration.md is
// generated from the struct.
//
// It reads settings and judges them; it connects to nothing. Read next: config.go for the struct, load.go for the order
// of things, check.go for the rules.
package config
