// Command secrets prints the Secrets of a namespace, all of them new: make secrets NAMESPACE=tolov | kubectl apply -f -
//
// Nothing of it is kept here: to print again is to make anew. With -identity it makes one key for one identity, for its
// rotation (docs/deploying.md).
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"sigs.k8s.io/yaml"

	"tolov/deploy/identities"
	"tolov/deploy/secrets"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "secrets:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("secrets", flag.ContinueOnError)
	namespace := flags.String("namespace", "tolov", "where the Secrets belong")
	sandbox := flags.Bool("sandbox", false, "with accounts at the sandbox, for the overlay dev")
	identity := flags.String("identity", "", "make a key for this identity only, and print both halves")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *identity != "" {
		return rotate(*identity, out)
	}
	made, err := secrets.Make(*namespace, time.Now())
	if err != nil {
		return err
	}
	if *sandbox {
		made = append(made, secrets.Sandbox())
	}
	for _, s := range made {
		text, err := yaml.Marshal(map[string]any{
			"apiVersion": "v1", "kind": "Secret", "type": "Opaque", "immutable": false, "stringData": s.Files,
			"metadata": map[string]any{"name": s.Name, "namespace": *namespace},
		})
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(out, "---\n%s", text); err != nil {
			return err
		}
	}
	return nil
}

func rotate(identity string, out io.Writer) error {
	if !slices.Contains(identities.Names(), identity) {
		return fmt.Errorf("%q is no identity: want one of %v", identity, identities.Names())
	}
	key, err := identities.NewKey()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "public: %s\nseed: %s\n", key.Public, key.Seed)
	return err
}
