// Package config reads the settings: one struct, all faults at once.
//
// Every setting is an environment variable, or with the suffix _FILE the path of a file that holds it. CONFIG_FILE names
// a YAML file with several merchants, whose settings have the same names in lower case. docs/configuration.md is
// generated from the struct.
package config
