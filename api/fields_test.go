package api_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"tolov/internal/events"
	"tolov/internal/payment"
	"tolov/internal/saga"
)

// TestEveryFieldOfAnEventHasItsPlaceInTheSchemas walks the Go types beside the schemas: neither has a field that the
// other does not have.
func TestEveryFieldOfAnEventHasItsPlaceInTheSchemas(t *testing.T) {
	c := contract(t)
	for name, of := range map[string]reflect.Type{
		"payment": reflect.TypeFor[payment.Payment](), "event.accepted": reflect.TypeFor[events.CloudEvent](),
	} {
		compare(t, name, of, c.Schema(name))
	}
	for event, detail := range map[string]reflect.Type{
		"rejected": reflect.TypeFor[payment.Rejection](), "refunded": reflect.TypeFor[payment.Refund](),
		"refund_failed": reflect.TypeFor[payment.Refund](), "discrepancy": reflect.TypeFor[payment.Discrepancy](),
		"needs_review": reflect.TypeFor[events.ReviewDetail](),
	} {
		data := c.Schema("event." + event).Properties["data"]
		for name, schema := range data.Properties {
			if name != "payment" {
				compare(t, event+".data."+name, detail, schema)
			}
		}
		if len(data.Properties) != 2 {
			t.Errorf("%s has more or less in its data than the payment and its detail", event)
		}
	}
}

// compare holds the fields of a Go type and the properties of a schema to each other, and those below them.
func compare(t *testing.T, path string, of reflect.Type, schema *jsonschema.Schema) {
	t.Helper()
	for schema.Ref != nil {
		schema = schema.Ref
	}
	for of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	if of.Kind() == reflect.Slice && schema.Items != nil {
		items, ok := schema.Items.(*jsonschema.Schema)
		if !ok {
			t.Fatalf("%s: items are no schema", path)
		}
		compare(t, path+"[]", of.Elem(), items)
		return
	}
	if of.Kind() != reflect.Struct || len(schema.Properties) == 0 {
		return
	}
	fields := map[string]reflect.Type{}
	for i := range of.NumField() {
		name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
		if name != "" && name != "-" {
			fields[name] = of.Field(i).Type
		}
	}
	if path == "event.accepted" {
		delete(fields, "data")
		delete(schema.Properties, "data")
	}
	got, want := slices.Sorted(maps.Keys(schema.Properties)), slices.Sorted(maps.Keys(fields))
	if !slices.Equal(got, want) {
		t.Errorf("%s: the schema has %v, the code has %v", path, got, want)
	}
	for name, property := range schema.Properties {
		if _, ok := fields[name]; ok {
			compare(t, path+"."+name, fields[name], property)
		}
	}
}

// words gives the strings of an enumeration.
func words(t *testing.T, schema *jsonschema.Schema) (all []string) {
	t.Helper()
	for _, v := range schema.Enum.Values {
		all = append(all, v.(string))
	}
	return all
}

func TestTheWordsOfTheSchemasAreThoseOfTheCode(t *testing.T) {
	c := contract(t)
	var statuses, verbs []string
	for _, s := range payment.Statuses() {
		statuses = append(statuses, string(s))
	}
	if got := words(t, c.Schema("payment").Properties["status"]); !slices.Equal(got, statuses) {
		t.Errorf("statuses %v, want %v", got, statuses)
	}
	for _, v := range payment.Verbs() {
		verbs = append(verbs, string(v))
		if c.Schema("command."+string(v)) == nil {
			t.Errorf("no schema for the command %s", v)
		}
	}
	rejection := c.Schema("event.rejected").Properties["data"].Properties["rejection"]
	if got := words(t, rejection.Properties["verb"]); !slices.Equal(got, verbs) {
		t.Errorf("verbs %v, want %v", got, verbs)
	}
	reasons := words(t, c.Schema("event.needs_review").Properties["data"].Properties["review"].Properties["reason"])
	if want := []string{string(saga.ReviewByTime), string(saga.ReviewByContradiction)}; !slices.Equal(reasons, want) {
		t.Errorf("reasons of a review %v, want %v", reasons, want)
	}
}
