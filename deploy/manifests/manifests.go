// Package manifests renders the overlays of k8s, as `kubectl apply -k` would see them.
//
// Its tests hold what comes out to the security checklist (docs/hazards.md), object by object.
package manifests

import (
	"fmt"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

// Object is an object of Kubernetes, of which only what every object has was read.
type Object struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Name        string            `json:"name"`
		Namespace   string            `json:"namespace"`
		Labels      map[string]string `json:"labels"`
		Annotations map[string]string `json:"annotations"`
	} `json:"metadata"`

	YAML []byte `json:"-"` // the whole of it
}

// String names an object as people do.
func (o Object) String() string { return o.Kind + "/" + o.Metadata.Name }

// Render gives the objects of an overlay, and all of them as one text, to be applied as it is.
func Render(overlay string) (objects []Object, text []byte, err error) {
	options := krusty.MakeDefaultOptions()
	options.LoadRestrictions = types.LoadRestrictionsRootOnly // as kubectl does
	built, err := krusty.MakeKustomizer(options).Run(filesys.MakeFsOnDisk(), overlay)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", overlay, err)
	}
	if text, err = built.AsYaml(); err != nil {
		return nil, nil, err
	}
	for _, resource := range built.Resources() {
		one, err := resource.AsYAML()
		if err != nil {
			return nil, nil, err
		}
		o := Object{YAML: one}
		if err := yaml.Unmarshal(one, &o); err != nil {
			return nil, nil, err
		}
		objects = append(objects, o)
	}
	return objects, text, nil
}
