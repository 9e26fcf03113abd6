package manifests_test

import (
	"fmt"
	"testing"
)

// schema is the part of OpenAPI that CRDs are written in, as far as it can tell a wrong field.
type schema struct {
	Type                 string            `json:"type"`
	Properties           map[string]schema `json:"properties"`
	AdditionalProperties *schema           `json:"additionalProperties"`
	Items                *schema           `json:"items"`
	Required             []string          `json:"required"`
	PreserveUnknown      bool              `json:"x-kubernetes-preserve-unknown-fields"`
	IntOrString          bool              `json:"x-kubernetes-int-or-string"`
}

// check tells the first place where a value is not what the schema says.
func (s schema) check(where string, value any) error {
	if s.IntOrString || s.Type == "" {
		return nil
	}
	switch v := value.(type) {
	case map[string]any:
		return s.checkObject(where, v)
	case []any:
		for i, item := range v {
			if s.Type != "array" || s.Items == nil {
				return fmt.Errorf("%s: want %s, is a list", where, s.Type)
			}
			if err := s.Items.check(fmt.Sprintf("%s[%d]", where, i), item); err != nil {
				return err
			}
		}
		return nil
	default:
		return s.checkPlain(where, v)
	}
}

func (s schema) checkObject(where string, object map[string]any) error {
	if s.Type != "object" {
		return fmt.Errorf("%s: want %s, is an object", where, s.Type)
	}
	for _, name := range s.Required {
		if _, there := object[name]; !there {
			return fmt.Errorf("%s.%s: is missing", where, name)
		}
	}
	if s.Properties == nil && s.AdditionalProperties == nil {
		return nil // such as metadata: whatever it likes
	}
	for name, value := range object {
		field, known := s.Properties[name]
		switch {
		case known:
		case s.AdditionalProperties != nil:
			field = *s.AdditionalProperties
		case s.PreserveUnknown:
			continue
		default:
			return fmt.Errorf("%s.%s: no such field", where, name)
		}
		if err := field.check(where+"."+name, value); err != nil {
			return err
		}
	}
	return nil
}

func (s schema) checkPlain(where string, value any) error {
	kind := map[string]string{"string": "string", "bool": "boolean", "float64": "integer"}[fmt.Sprintf("%T", value)]
	if kind == s.Type || kind == "integer" && s.Type == "number" {
		return nil
	}
	return fmt.Errorf("%s: want %s, is %T", where, s.Type, value)
}

// The check itself finds what is wrong.
func TestSchemaTellsWrongFields(t *testing.T) {
	const head = "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: x}\n" +
		"spec:\n  scaleTargetRef: {name: w}\n"
	for text, valid := range map[string]bool{
		head + "  triggers: [{type: cron, metadata: {a: b}}]\n":                     true,
		head + "  triggers: [{type: cron, metadata: {a: 1}}]\n":                     false,
		head + "  triggers: [{type: cron, metadata: {a: b}}]\n  minReplicas: 3\n":   false,
		head + "  triggers: [{type: cron, metadata: {a: b}}]\n  pollingInterval: x": false,
		head: false,
	} {
		if err := matches([]byte(text), "keda.sh_scaledobjects.yaml"); (err == nil) != valid {
			t.Errorf("%s: %v", text, err)
		}
	}
}
