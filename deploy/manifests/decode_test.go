package manifests_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	monitoring "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	apps "k8s.io/api/apps/v1"
	autoscaling "k8s.io/api/autoscaling/v2"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	"sigs.k8s.io/yaml"

	"tolov/deploy/manifests"
)

// cluster is an overlay, each object in its own Go type.
type cluster struct {
	name      string
	objects   []manifests.Object
	workloads []workload
	services  []*core.Service
	configs   []*core.ConfigMap
	budgets   []*policy.PodDisruptionBudget
	policies  []*networking.NetworkPolicy
	ingresses []*networking.Ingress
	scaled    []scaledObject
	hpas      []*autoscaling.HorizontalPodAutoscaler
	monitors  []*monitoring.ServiceMonitor
	accounts  []*core.ServiceAccount
	spaces    []*core.Namespace
}

// workload is what a Deployment and a StatefulSet have in common.
type workload struct {
	name     string
	replicas *int32
	pod      core.PodTemplateSpec
}

func (w workload) container(t *testing.T) core.Container {
	t.Helper()
	if len(w.pod.Spec.Containers) != 1 || len(w.pod.Spec.InitContainers) != 0 {
		t.Fatalf("%s: want one container", w.name)
	}
	return w.pod.Spec.Containers[0]
}

// scaledObject is what the rules ask of KEDA's type; its whole is held against its CRD.
type scaledObject struct {
	Spec struct {
		ScaleTargetRef  struct{ Name string }
		MinReplicaCount int32
		MaxReplicaCount int32
		Fallback        struct{ Replicas int32 }
		Triggers        []struct {
			Type     string
			Metadata map[string]string
		}
	}
}

// overlays renders every overlay.
func overlays(t *testing.T) []*cluster {
	t.Helper()
	var all []*cluster
	for _, name := range []string{"dev", "prod", "prod-hpa"} {
		all = append(all, render(t, filepath.Join("../k8s/overlays", name)))
	}
	return all
}

// render decodes every object strictly: a field that its type does not have, or that stands twice, is a fault.
func render(t *testing.T, overlay string) *cluster {
	t.Helper()
	objects, _, err := manifests.Render(overlay)
	if err != nil {
		t.Fatal(err)
	}
	c := &cluster{name: filepath.Base(overlay), objects: objects}
	for _, o := range objects {
		if err := c.take(o); err != nil {
			t.Errorf("%s: %s: %v", c.name, o, err)
		}
	}
	if t.Failed() {
		t.FailNow()
	}
	return c
}

func (c *cluster) take(o manifests.Object) error {
	switch o.APIVersion + " " + o.Kind {
	case "apps/v1 Deployment":
		d, err := decoded(o, &apps.Deployment{})
		c.workloads = append(c.workloads, workload{d.Name, d.Spec.Replicas, d.Spec.Template})
		return err
	case "apps/v1 StatefulSet":
		s, err := decoded(o, &apps.StatefulSet{})
		c.workloads = append(c.workloads, workload{s.Name, s.Spec.Replicas, s.Spec.Template})
		return err
	case "v1 Service":
		return keep(&c.services, o, &core.Service{})
	case "v1 ConfigMap":
		return keep(&c.configs, o, &core.ConfigMap{})
	case "v1 ServiceAccount":
		return keep(&c.accounts, o, &core.ServiceAccount{})
	case "v1 Namespace":
		return keep(&c.spaces, o, &core.Namespace{})
	case "policy/v1 PodDisruptionBudget":
		return keep(&c.budgets, o, &policy.PodDisruptionBudget{})
	case "networking.k8s.io/v1 NetworkPolicy":
		return keep(&c.policies, o, &networking.NetworkPolicy{})
	case "networking.k8s.io/v1 Ingress":
		return keep(&c.ingresses, o, &networking.Ingress{})
	case "autoscaling/v2 HorizontalPodAutoscaler":
		return keep(&c.hpas, o, &autoscaling.HorizontalPodAutoscaler{})
	case "monitoring.coreos.com/v1 ServiceMonitor":
		return keep(&c.monitors, o, &monitoring.ServiceMonitor{})
	case "keda.sh/v1alpha1 ScaledObject":
		var s scaledObject
		err := yaml.Unmarshal(o.YAML, &s)
		c.scaled = append(c.scaled, s)
		if err != nil {
			return err
		}
		return matches(o.YAML, "keda.sh_scaledobjects.yaml")
	default:
		return fmt.Errorf("no Go type is known for %s %s", o.APIVersion, o.Kind)
	}
}

func decoded[T any](o manifests.Object, into *T) (*T, error) {
	return into, yaml.UnmarshalStrict(o.YAML, into)
}

func keep[T any](list *[]*T, o manifests.Object, into *T) error {
	_, err := decoded(o, into)
	*list = append(*list, into)
	return err
}

// matches holds an object against the schema of its CRD.
func matches(object []byte, crd string) error {
	text, err := os.ReadFile(filepath.Join("../k8s/crds", crd))
	if err != nil {
		return err
	}
	var definition struct {
		Spec struct {
			Versions []struct {
				Schema struct {
					OpenAPIV3Schema schema `json:"openAPIV3Schema"`
				} `json:"schema"`
			} `json:"versions"`
		} `json:"spec"`
	}
	if err := yaml.Unmarshal(text, &definition); err != nil {
		return err
	}
	raw, err := yaml.YAMLToJSONStrict(object)
	if err != nil {
		return err
	}
	var value any
	if err := json.Unmarshal(raw, &value); err != nil {
		return err
	}
	return definition.Spec.Versions[0].Schema.OpenAPIV3Schema.check("", value)
}

func TestEveryObjectIsOfItsType(t *testing.T) {
	for _, c := range overlays(t) {
		if len(c.objects) < 25 {
			t.Errorf("%s: %d objects", c.name, len(c.objects))
		}
	}
}
