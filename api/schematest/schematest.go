// Package schematest holds messages to the JSON Schemas of api/schemas, in tests.
package schematest

import (
	"bytes"
	"path/filepath"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Contract is every schema, compiled.
type Contract struct {
	schemas map[string]*jsonschema.Schema
}

// Load compiles the schemas in a directory. What is wrong with one is an error.
func Load(dir string) (*Contract, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	c := &Contract{schemas: map[string]*jsonschema.Schema{}}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		if c.schemas[name], err = compiler.Compile(file); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Names lists the schemas.
func (c *Contract) Names() []string {
	names := make([]string, 0, len(c.schemas))
	for name := range c.schemas {
		names = append(names, name)
	}
	return names
}

// Schema is the one of that name, nil when there is none.
func (c *Contract) Schema(name string) *jsonschema.Schema { return c.schemas[name] }

// Check tells what is wrong with a message, nil when its schema takes it.
func (c *Contract) Check(name string, body []byte) error {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return err
	}
	return c.schemas[name].Validate(value)
}

// CheckEvent is Check with the schema that a CloudEvent's type names.
func (c *Contract) CheckEvent(eventType string, body []byte) error {
	return c.Check("event."+strings.TrimSuffix(strings.TrimPrefix(eventType, "tolov.payment."), ".v1"), body)
}
