package manifests_test

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"

	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
)

func setting(c core.Container, name string) string {
	for _, e := range c.Env {
		if e.Name == name {
			return e.Value
		}
	}
	return ""
}

func mebibytes(t *testing.T, text string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(strings.TrimSuffix(text, "MiB"), 10, 64)
	if err != nil {
		t.Fatalf("GOMEMLIMIT %q: %v", text, err)
	}
	return n
}

func TestItem37NobodyTalksToAnybodyUnlessNamed(t *testing.T) {
	for _, c := range overlays(t) {
		denies := slices.ContainsFunc(c.policies, func(p *networking.NetworkPolicy) bool {
			all := len(p.Spec.PodSelector.MatchLabels) == 0 && len(p.Spec.PodSelector.MatchExpressions) == 0
			return all && len(p.Spec.PolicyTypes) == 2 && len(p.Spec.Ingress) == 0 && len(p.Spec.Egress) == 0
		})
		if !denies {
			t.Errorf("%s: nothing is denied by default", c.name)
		}
		c.eachIngress(func(p *networking.NetworkPolicy, rule networking.NetworkPolicyIngressRule) {
			narrow(t, c.name+": into "+p.Name, rule.From, rule.Ports)
		})
		c.eachEgress(func(p *networking.NetworkPolicy, rule networking.NetworkPolicyEgressRule) {
			narrow(t, c.name+": out of "+p.Name, rule.To, rule.Ports)
		})
	}
}

// narrow wants a rule to name peers and ports, and no peer that is everybody.
func narrow(t *testing.T, where string, peers []networking.NetworkPolicyPeer, ports []networking.NetworkPolicyPort) {
	t.Helper()
	if len(peers) == 0 || len(ports) == 0 {
		t.Errorf("%s: everybody or every port", where)
	}
	for _, p := range ports {
		if p.Port == nil || p.EndPort != nil {
			t.Errorf("%s: every port", where)
		}
	}
	for _, peer := range peers {
		named := peer.PodSelector != nil && len(peer.PodSelector.MatchLabels)+len(peer.PodSelector.MatchExpressions) > 0 ||
			peer.NamespaceSelector != nil && len(peer.NamespaceSelector.MatchLabels) > 0
		if !named && peer.IPBlock == nil {
			t.Errorf("%s: a peer that is everybody", where)
		}
	}
}

// The worker reaches the Internet by HTTPS only, and nothing inside by that rule (items 19, 20 and 37).
func TestItem37ProvidersAreOutside(t *testing.T) {
	inside := []string{
		"127.0.0.1", "10.1.2.3", "172.16.9.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "0.0.0.0",
		"::1", "fd00::1", "fe80::1", "64:ff9b::a9fe:a9fe",
	}
	for _, c := range overlays(t) {
		blocks := 0
		c.eachEgress(func(p *networking.NetworkPolicy, rule networking.NetworkPolicyEgressRule) {
			for _, peer := range rule.To {
				if peer.IPBlock == nil {
					continue
				}
				blocks++
				if p.Name != "worker" || len(rule.Ports) != 1 || rule.Ports[0].Port.IntVal != 443 {
					t.Errorf("%s: %s reaches addresses", c.name, p.Name)
				}
				met := slices.IndexFunc(inside, func(address string) bool { return reaches(t, peer.IPBlock, address) })
				if met >= 0 {
					t.Errorf("%s: %s reaches %s", c.name, p.Name, inside[met])
				}
			}
		})
		if blocks != 2 {
			t.Errorf("%s: %d rules about addresses", c.name, blocks)
		}
	}
}

func (c *cluster) eachIngress(visit func(*networking.NetworkPolicy, networking.NetworkPolicyIngressRule)) {
	for _, p := range c.policies {
		for _, rule := range p.Spec.Ingress {
			visit(p, rule)
		}
	}
}

func (c *cluster) eachEgress(visit func(*networking.NetworkPolicy, networking.NetworkPolicyEgressRule)) {
	for _, p := range c.policies {
		for _, rule := range p.Spec.Egress {
			visit(p, rule)
		}
	}
}

func reaches(t *testing.T, block *networking.IPBlock, address string) bool {
	t.Helper()
	at := netip.MustParseAddr(address)
	in := func(cidr string) bool { return netip.MustParsePrefix(cidr).Contains(at) }
	return in(block.CIDR) && !slices.ContainsFunc(block.Except, in)
}

// Every pod that a policy, a Service, a budget or a monitor selects is there, and every pod has a policy of its own.
func TestSelectorsMeetWhatTheyMean(t *testing.T) {
	for _, c := range overlays(t) {
		var names []string
		for _, w := range c.workloads {
			names = append(names, w.name)
			if w.pod.Labels["app.kubernetes.io/name"] != w.name {
				t.Errorf("%s: the pods of %s have another name", c.name, w.name)
			}
			if !slices.ContainsFunc(c.policies, func(p *networking.NetworkPolicy) bool { return p.Name == w.name }) {
				t.Errorf("%s: %s has no network policy", c.name, w.name)
			}
		}
		for _, s := range c.services {
			if !slices.Contains(names, s.Spec.Selector["app.kubernetes.io/name"]) {
				t.Errorf("%s: Service %s selects nobody", c.name, s.Name)
			}
		}
		for _, m := range c.monitors {
			found := slices.ContainsFunc(c.services, func(s *core.Service) bool {
				return s.Labels["app.kubernetes.io/name"] == m.Spec.Selector.MatchLabels["app.kubernetes.io/name"]
			})
			if !found {
				t.Errorf("%s: monitor %s selects nobody", c.name, m.Name)
			}
		}
	}
}

// The worker grows with the commands that wait; without KEDA with the processor, and it never goes below three.
func TestWorkersGrowWithWhatWaits(t *testing.T) {
	for _, c := range overlays(t)[1:] {
		if len(c.scaled)+len(c.hpas) != 1 {
			t.Fatalf("%s: %d scalers", c.name, len(c.scaled)+len(c.hpas))
		}
		for _, s := range c.scaled {
			lag := s.Spec.Triggers[0]
			if s.Spec.ScaleTargetRef.Name != "worker" || s.Spec.MinReplicaCount != 3 || s.Spec.Fallback.Replicas != 3 ||
				lag.Type != "nats-jetstream" || lag.Metadata["account"] != "TOLOV" ||
				lag.Metadata["stream"] != "PAYMENTS_COMMANDS" || lag.Metadata["consumer"] != "worker" {
				t.Errorf("%s: %+v", c.name, s)
			}
		}
		for _, h := range c.hpas {
			if h.Spec.ScaleTargetRef.Name != "worker" || *h.Spec.MinReplicas != 3 {
				t.Errorf("%s: %+v", c.name, h.Spec)
			}
		}
		for _, w := range c.workloads {
			if w.name == "worker" && w.replicas != nil {
				t.Errorf("%s: the Deployment and the scaler both set the number of workers", c.name)
			}
		}
	}
}

// Card numbers in clear are for development only.
func TestCardsAreSealedInProduction(t *testing.T) {
	for _, c := range overlays(t) {
		for _, w := range c.workloads {
			if w.name == "worker" && (setting(w.container(t), "CARD_DATA") == "sealed") != (c.name != "dev") {
				t.Errorf("%s: CARD_DATA", c.name)
			}
		}
	}
}
