// Command manifests prints the objects of an overlay: make manifests OVERLAY=prod | kubectl apply -f -
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"tolov/deploy/manifests"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "manifests:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	if len(args) != 1 {
		return errors.New("want the folder of one overlay, such as k8s/overlays/prod")
	}
	_, text, err := manifests.Render(args[0])
	if err != nil {
		return err
	}
	_, err = out.Write(text)
	return err
}
