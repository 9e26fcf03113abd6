package manifests_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
)

// The tests of this file are the security checklist's rules about Kubernetes, by their numbers.

// pods visits every pod template of every overlay.
func pods(t *testing.T, visit func(c *cluster, w workload)) {
	t.Helper()
	for _, c := range overlays(t) {
		if len(c.workloads) < 4 {
			t.Fatalf("%s: %d workloads", c.name, len(c.workloads))
		}
		for _, w := range c.workloads {
			visit(c, w)
		}
	}
}

func TestItem32MonitoringOfNATSIsReachedByNoClient(t *testing.T) {
	const monitor = 8222
	for _, c := range overlays(t) {
		for _, s := range c.services {
			gives := slices.ContainsFunc(s.Spec.Ports, func(p core.ServicePort) bool { return p.Port == monitor })
			if gives && (s.Spec.ClusterIP != "None" || s.Name != "nats-nodes") {
				t.Errorf("%s: Service %s gives out the monitoring", c.name, s.Name)
			}
		}
		c.eachIngress(func(p *networking.NetworkPolicy, rule networking.NetworkPolicyIngressRule) {
			opens := slices.ContainsFunc(rule.Ports, func(p networking.NetworkPolicyPort) bool {
				return p.Port.IntVal == monitor
			})
			keda := len(rule.From) == 1 && rule.From[0].NamespaceSelector != nil &&
				rule.From[0].NamespaceSelector.MatchLabels["kubernetes.io/metadata.name"] == "keda"
			if opens && !keda {
				t.Errorf("%s: policy %s lets others than KEDA to the monitoring", c.name, p.Name)
			}
		})
	}
}

// Our own images are built from go.mod, NATS among them, so their version is the one that every test ran with; the
// overlay that is applied names them by digest (docs/deploying.md). No image floats.
func TestItem34ImagesHaveFixedVersions(t *testing.T) {
	fixed := regexp.MustCompile(`^([a-z./-]+:v?\d+\.\d+\.\d+[a-z0-9.-]*|[a-z./-]+@sha256:[0-9a-f]{64})$`)
	own := []string{"tolov/worker", "tolov/webhook-ingress", "tolov/nats-server", "tolov/sandbox"}
	pods(t, func(c *cluster, w workload) {
		if image := w.container(t).Image; !fixed.MatchString(image) && !slices.Contains(own, image) {
			t.Errorf("%s: %s runs %s", c.name, w.name, image)
		}
	})
}

func TestItem36PodsAreRestrictedAndTheirFilesReadOnly(t *testing.T) {
	all := []core.Capability{"ALL"}
	pods(t, func(c *cluster, w workload) {
		pod, one := w.pod.Spec, w.container(t)
		security, inside := pod.SecurityContext, one.SecurityContext
		for rule, kept := range map[string]bool{
			"not root":        *security.RunAsNonRoot && *security.RunAsUser > 0 && *security.RunAsGroup > 0,
			"seccomp":         security.SeccompProfile.Type == core.SeccompProfileTypeRuntimeDefault,
			"no escalation":   !*inside.AllowPrivilegeEscalation && inside.Privileged == nil,
			"no capabilities": slices.Equal(inside.Capabilities.Drop, all) && inside.Capabilities.Add == nil,
			"read-only files": *inside.ReadOnlyRootFilesystem,
			"no token":        !*pod.AutomountServiceAccountToken && pod.ServiceAccountName == w.name,
			"nothing of host": !pod.HostNetwork && !pod.HostPID && !pod.HostIPC,
		} {
			if !kept {
				t.Errorf("%s: %s: %s", c.name, w.name, rule)
			}
		}
		for _, v := range pod.Volumes {
			if v.HostPath != nil {
				t.Errorf("%s: %s mounts the host's %s", c.name, w.name, v.HostPath.Path)
			}
		}
	})
	for _, c := range overlays(t) {
		if len(c.spaces) != 1 || c.spaces[0].Labels["pod-security.kubernetes.io/enforce"] != "restricted" {
			t.Errorf("%s: the namespace does not enforce the restricted standard", c.name)
		}
		for _, a := range c.accounts {
			if a.AutomountServiceAccountToken == nil || *a.AutomountServiceAccountToken {
				t.Errorf("%s: account %s gives its token to pods", c.name, a.Name)
			}
		}
	}
}

func TestItem38DisruptionSpreadAndMemory(t *testing.T) {
	pods(t, func(c *cluster, w workload) {
		resources := w.container(t).Resources
		memory := resources.Limits.Memory()
		if memory.IsZero() || !memory.Equal(*resources.Requests.Memory()) || resources.Requests.Cpu().IsZero() {
			t.Errorf("%s: %s: memory requests and limits are %v", c.name, w.name, resources)
		}
		if limit := setting(w.container(t), "GOMEMLIMIT"); w.name != "redis" {
			share := mebibytes(t, limit) << 20 * 100 / memory.Value()
			if share < 88 || share > 90 {
				t.Errorf("%s: %s: GOMEMLIMIT is %d %% of the memory", c.name, w.name, share)
			}
		}
		many := w.replicas == nil || *w.replicas > 1
		if many && len(w.pod.Spec.TopologySpreadConstraints) == 0 {
			t.Errorf("%s: %s is not spread", c.name, w.name)
		}
		for _, s := range w.pod.Spec.TopologySpreadConstraints {
			if s.MaxSkew != 1 || s.LabelSelector.MatchLabels["app.kubernetes.io/name"] != w.name {
				t.Errorf("%s: %s: spread by %v", c.name, w.name, s)
			}
		}
	})
	for _, c := range overlays(t) {
		for _, name := range []string{"worker", "webhook-ingress", "nats", "redis"} {
			kept := false
			for _, b := range c.budgets {
				kept = kept || b.Name == name && b.Spec.MaxUnavailable.IntVal == 1 &&
					b.Spec.Selector.MatchLabels["app.kubernetes.io/name"] == name
			}
			if !kept {
				t.Errorf("%s: %s has no disruption budget", c.name, name)
			}
		}
	}
}

// The longest provider call is PROVIDER_TIMEOUT_S; a worker ends within 20 s of SIGTERM (contract).
func TestItem39GraceIsLongerThanTheLongestCall(t *testing.T) {
	const contract = 20
	pods(t, func(c *cluster, w workload) {
		hooks := w.container(t).Lifecycle
		pause := int64(0)
		if hooks != nil {
			if w.name != "webhook-ingress" || hooks.PreStop.Sleep == nil || hooks.PostStart != nil {
				t.Errorf("%s: %s: only the ingress waits before it stops, by sleep", c.name, w.name)
				return
			}
			pause = hooks.PreStop.Sleep.Seconds
		}
		ours := w.name == "worker" || w.name == "webhook-ingress"
		if ours && *w.pod.Spec.TerminationGracePeriodSeconds <= contract+pause+15 {
			t.Errorf("%s: %s has %d s", c.name, w.name, *w.pod.Spec.TerminationGracePeriodSeconds)
		}
		if (w.name == "webhook-ingress") != (hooks != nil) {
			t.Errorf("%s: %s: preStop", c.name, w.name)
		}
	})
}

func TestItem40ReadyOnStreamsAliveByItself(t *testing.T) {
	pods(t, func(c *cluster, w workload) {
		one := w.container(t)
		if one.ReadinessProbe == nil {
			t.Errorf("%s: %s is never asked whether it is ready", c.name, w.name)
		}
		if w.name != "worker" && w.name != "webhook-ingress" {
			return
		}
		if one.ReadinessProbe.HTTPGet.Path != "/readyz" || one.LivenessProbe.HTTPGet.Path != "/healthz" ||
			one.StartupProbe.HTTPGet.Path != "/healthz" {
			t.Errorf("%s: %s: probes", c.name, w.name)
		}
	})
}

// Secrets are files: no object holds one, no variable of the environment takes one.
func TestItem41SecretsAreFiles(t *testing.T) {
	secret := regexp.MustCompile(`(?i)(secret|password|seed|api_key|consumer_key|login|creds|keys?_file|redis_url)`)
	pods(t, func(c *cluster, w workload) {
		one := w.container(t)
		if len(one.EnvFrom) > 0 {
			t.Errorf("%s: %s takes a whole object as its environment", c.name, w.name)
		}
		for _, e := range one.Env {
			if e.ValueFrom != nil && e.ValueFrom.FieldRef == nil {
				t.Errorf("%s: %s: %s comes from an object", c.name, w.name, e.Name)
			}
			if secret.MatchString(e.Name) && !strings.HasPrefix(e.Value, "/etc/") {
				t.Errorf("%s: %s: %s is no file", c.name, w.name, e.Name)
			}
		}
		for _, v := range w.pod.Spec.Volumes {
			if v.Secret != nil && *v.Secret.DefaultMode != 0o440 {
				t.Errorf("%s: %s: %s can be read by others", c.name, w.name, v.Name)
			}
		}
	})
	for _, c := range overlays(t) {
		for _, o := range c.objects {
			if o.Kind == "Secret" {
				t.Errorf("%s: %s stands in the project", c.name, o)
			}
		}
	}
}
