package client_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"tolov/client"
	"tolov/internal/payment"
	"tolov/internal/reconcile"
	"tolov/internal/saga"
)

// fields lists the JSON names of a struct's fields.
func fields(v any) []string {
	var names []string
	shape := reflect.TypeOf(v)
	for i := range shape.NumField() {
		if name, _, _ := strings.Cut(shape.Field(i).Tag.Get("json"), ","); name != "" && name != "-" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// What the worker writes, a service can read: no field is left out here.
func TestShapesAreTheWorkersOwn(t *testing.T) {
	for name, pair := range map[string][2]any{
		"Payment":     {payment.Payment{}, client.Payment{}},
		"Card":        {payment.Card{}, client.CardShown{}},
		"Action":      {payment.Action{}, client.Action{}},
		"Failure":     {payment.Failure{}, client.Failure{}},
		"Text":        {payment.Text{}, client.Text{}},
		"Item":        {payment.Item{}, client.ItemShown{}},
		"Refund":      {payment.Refund{}, client.RefundShown{}},
		"Receipt":     {payment.Receipt{}, client.Receipt{}},
		"Rejection":   {payment.Rejection{}, client.Rejection{}},
		"Discrepancy": {payment.Discrepancy{}, client.Discrepancy{}},
		"Side":        {payment.Side{}, client.Side{}},
		"Report":      {reconcile.Report{}, client.Reconciled{}},
		"Finding":     {reconcile.Finding{}, client.Finding{}},
		"Evidence":    {payment.Evidence{}, client.Evidence{}},
		"Cause":       {saga.Cause{}, client.Cause{}},
		"Intent":      {saga.Intent{}, client.Intent{}},
		"Event":       {saga.Event{}, client.Told{}},
		"OFDItem":     {payment.OFDItem{}, client.OFDItem{}},
		"OFDDetail":   {payment.OFDDetail{}, client.OFDDetail{}},
		"OFD":         {payment.OFD{}, client.OFD{}},
		"EPOS":        {payment.Epos{}, client.EPOS{}},
		"Person":      {payment.Person{}, client.Person{}},
		"Sender":      {payment.Sender{}, client.Sender{}},
		"Document":    {payment.Document{}, client.Document{}},
	} {
		if want, got := fields(pair[0]), fields(pair[1]); !slices.Equal(want, got) {
			t.Errorf("%s: the worker has %v, the client %v", name, want, got)
		}
	}
}
