package client_test

import (
	"os"
	"testing"

	"github.com/nats-io/nats.go"

	"tolov/api/schematest"
	"tolov/client"
)

// What a worker answers to the contract's questions is what the schemas say.
func TestAnswersAreOfTheContractsForm(t *testing.T) {
	contract, err := schematest.Load("../api/schemas")
	if err != nil {
		t.Fatal(err)
	}
	extID := fresh()
	do(t, dial(t), byToken(extID), client.EventCompleted)
	nc, err := nats.Connect(os.Getenv(envNATS))
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	question := []byte(`{"ext_id":"` + extID + `"}`)
	if err := contract.Check("query.payment", question); err != nil {
		t.Error(err)
	}
	for subject, schema := range map[string]string{
		"payments.query.get": "payment", "payments.query.history": "query.history.reply",
		"payments.query.card_key": "query.card_key.reply",
	} {
		answer, err := nc.Request(subject, question, patience)
		if err != nil {
			t.Fatal(err)
		}
		if err := contract.Check(schema, answer.Data); err != nil {
			t.Errorf("%s: %v\n%s", subject, err, answer.Data)
		}
	}
}
