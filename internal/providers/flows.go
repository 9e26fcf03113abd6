package providers

import (
	"fmt"
	"io"

	"tolov/internal/saga"
)

const flowsHead = `# Flows

How each provider carries out each kind of payment, drawn from the very values that the engine runs
(` + "`internal/providers/*/flow.go`" + `). A rounded step is a draft: safe to repeat. A step with double sides
moves money: its intent is recorded before the call, and when its outcome is unknown it is asked about, never repeated.
What is begun "by the provider" is told us by the provider itself, and we make no calls.

This page is generated: ` + "`make verify`" + ` fails when it and the flows differ.
`

// WriteFlows writes docs/flows.md.
func WriteFlows(w io.Writer) error {
	if _, err := io.WriteString(w, flowsHead); err != nil {
		return err
	}
	for _, k := range kinds() {
		for _, flow := range k.flows {
			if _, err := fmt.Fprintf(w, "\n## %s\n\n", flow.Name); err != nil {
				return err
			}
			if err := saga.Draw(w, flow); err != nil {
				return err
			}
		}
	}
	return nil
}
