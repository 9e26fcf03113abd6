package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"sigs.k8s.io/yaml"
)

// object is one object of a file.
type object struct {
	group, kind, namespace, name string
	text                         []byte
	pod                          map[string]any // the template of its pods, where it has one
}

// read takes a file apart.
func read(path string) ([]object, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var objects []object
	for one := range bytes.SplitSeq(text, []byte("\n---\n")) {
		var head struct {
			APIVersion string
			Kind       string
			Metadata   struct{ Name, Namespace string }
			Spec       struct {
				Template             map[string]any
				VolumeClaimTemplates []struct{ Metadata struct{ Name string } }
			}
		}
		if err := yaml.Unmarshal(one, &head); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		for _, claim := range head.Spec.VolumeClaimTemplates {
			head.Spec.Template["spec"] = withClaim(head.Spec.Template["spec"], claim.Metadata.Name)
		}
		objects = append(objects, object{
			group: head.APIVersion, kind: head.Kind, namespace: head.Metadata.Namespace, name: head.Metadata.Name,
			text: one, pod: head.Spec.Template,
		})
	}
	return objects, nil
}

// withClaim adds a volume to a pod, as the controller of stateful sets does for each of its claims.
func withClaim(spec any, name string) any {
	pod, ok := spec.(map[string]any)
	if !ok {
		return spec
	}
	volumes, _ := pod["volumes"].([]any)
	pod["volumes"] = append(volumes, map[string]any{
		"name": name, "persistentVolumeClaim": map[string]any{"claimName": name},
	})
	return pod
}

// path is where the server keeps objects of this kind.
func (o object) path() string {
	root := "/apis/" + o.group
	if o.group == "v1" {
		root = "/api/v1"
	}
	plural := strings.ToLower(o.kind) + "s"
	if base, found := strings.CutSuffix(plural, "ys"); found {
		plural = base + "ies"
	}
	if strings.HasSuffix(o.kind, "ss") {
		plural = strings.ToLower(o.kind) + "es"
	}
	if o.namespace != "" {
		root += "/namespaces/" + o.namespace
	}
	return root + "/" + plural
}

const (
	options   = "?fieldManager=verify&force=true&fieldValidation=Strict"
	applyYAML = "application/apply-patch+yaml"
)

// dryRun applies an object as `kubectl apply --server-side --dry-run=server` does. A namespace is made for good, for
// the others live in it. The pods of a workload are made too, by dry run: only on a pod is the restricted standard
// enforced.
func (s *site) dryRun(ctx context.Context, o object) (pod bool, err error) {
	query := options + "&dryRun=All"
	if o.kind == "Namespace" {
		query = options
	}
	_, warnings, err := s.ask(ctx, http.MethodPatch, o.path()+"/"+o.name+query, applyYAML, o.text)
	if err != nil || len(warnings) > 0 {
		return false, errors.Join(append(asErrors(warnings), err)...)
	}
	if o.pod == nil {
		return false, nil
	}
	o.pod["apiVersion"], o.pod["kind"] = "v1", "Pod"
	meta, _ := o.pod["metadata"].(map[string]any)
	meta["name"], meta["namespace"] = o.name+"-0", o.namespace
	text, err := json.Marshal(o.pod)
	if err != nil {
		return false, err
	}
	pods := "/api/v1/namespaces/" + o.namespace + "/pods?dryRun=All&fieldValidation=Strict"
	_, warnings, err = s.ask(ctx, http.MethodPost, pods, "application/json", text)
	return true, errors.Join(append(asErrors(warnings), err)...)
}

func asErrors(warnings []string) (all []error) {
	for _, w := range warnings {
		all = append(all, errors.New("warning: "+w))
	}
	return all
}

// define makes a custom resource's definition, and waits until the server knows it.
func (s *site) define(ctx context.Context, path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var crd struct {
		Metadata struct{ Name string }
	}
	if err := yaml.Unmarshal(text, &crd); err != nil {
		return err
	}
	at := "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/" + crd.Metadata.Name
	if _, _, err := s.ask(ctx, http.MethodPatch, at+"?fieldManager=verify", applyYAML, text); err != nil {
		return err
	}
	for {
		answer, _, err := s.ask(ctx, http.MethodGet, at, "", nil)
		if err != nil {
			return err
		}
		var status struct {
			Status struct {
				Conditions []struct{ Type, Status string }
			}
		}
		if err := json.Unmarshal(answer, &status); err != nil {
			return err
		}
		for _, c := range status.Status.Conditions {
			if c.Type == "Established" && c.Status == "True" {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(poll):
		}
	}
}
