package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go/jetstream"

	"tolov/internal/events"
	"tolov/internal/payment"
)

// Everyone stands for all merchants of a provider. It is no merchant's name.
const Everyone = "_all"

// Switch tells whether a provider is paused, for one merchant or for everyone, and who said so and why. The last one of
// its subject counts; those before it are the audit trail.
type Switch struct {
	Provider string       `json:"provider"`
	Merchant string       `json:"merchant"` // or Everyone
	Paused   bool         `json:"paused"`
	Actor    string       `json:"actor"`
	Reason   string       `json:"reason"`
	At       payment.Time `json:"at"`
}

const maxWords = 255 // characters of who and why

// Check tells what is wrong with a switch that somebody wants to throw.
func (s Switch) Check() error {
	switch {
	case !payment.IsMerchant(s.Provider):
		return errors.New("the provider's name must be 1 to 32 of the characters a-z 0-9 -")
	case s.Merchant != Everyone && !payment.IsMerchant(s.Merchant):
		return errors.New("the merchant's name must be 1 to 32 of the characters a-z 0-9 -")
	case strings.TrimSpace(s.Actor) == "" || strings.TrimSpace(s.Reason) == "":
		return errors.New("who does it and why must be told")
	case len([]rune(s.Actor)) > maxWords || len([]rune(s.Reason)) > maxWords:
		return fmt.Errorf("who does it and why must be at most %d characters each", maxWords)
	default:
		return nil
	}
}

// covers tells whether the switch is about a merchant's account.
func (s Switch) covers(merchant, provider string) bool {
	return s.Provider == provider && (s.Merchant == merchant || s.Merchant == Everyone)
}

// Switches are all that stand, in the order of provider and merchant.
type Switches []Switch

// Paused tells whether a merchant's account at a provider is paused.
func (s Switches) Paused(merchant, provider string) bool {
	return slices.ContainsFunc(s, func(one Switch) bool { return one.Paused && one.covers(merchant, provider) })
}

// Throw stores a switch. When it returns nil, every worker heeds it at once, and the latest after its next look.
func Throw(ctx context.Context, js jetstream.JetStream, s Switch) error {
	if err := s.Check(); err != nil {
		return err
	}
	data, err := json.Marshal(s, json.Deterministic(true))
	if err != nil {
		return err
	}
	if _, err := js.Publish(ctx, events.SwitchSubject(s.Provider, s.Merchant), data); err != nil {
		return fmt.Errorf("the switch is not stored: %w", err)
	}
	return nil
}

const (
	replicaWait  = 20 * time.Millisecond
	replicaTries = 100
)

// last reads the last message of a subject that has one. A replica that has not heard of it yet says that there is none
// (H35), so it is asked again.
func last(ctx context.Context, stream jetstream.Stream, subject string) (*jetstream.RawStreamMsg, error) {
	for try := 1; ; try++ {
		m, err := stream.GetLastMsgForSubject(ctx, subject)
		if !errors.Is(err, jetstream.ErrMsgNotFound) || try == replicaTries {
			return m, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(replicaWait):
		}
	}
}

// Standing reads the switches as they stand. One that cannot be read pauses: somebody wanted something, and to wait
// costs no money.
func Standing(ctx context.Context, js jetstream.JetStream) (Switches, error) {
	stream, err := js.Stream(ctx, events.StreamOperations)
	if err != nil {
		return nil, fmt.Errorf("switches: %w", err)
	}
	info, err := stream.Info(ctx, jetstream.WithSubjectFilter(events.AllSwitches))
	if err != nil {
		return nil, fmt.Errorf("switches: %w", err)
	}
	var all Switches
	for subject := range info.State.Subjects {
		m, err := last(ctx, stream, subject)
		if err != nil {
			return nil, fmt.Errorf("switches: %w", err)
		}
		all = append(all, readSwitch(subject, m.Data))
	}
	slices.SortFunc(all, func(a, b Switch) int {
		return strings.Compare(a.Provider+"."+a.Merchant, b.Provider+"."+b.Merchant)
	})
	return all, nil
}

func readSwitch(subject string, data []byte) Switch {
	provider, merchant := events.SwitchOf(subject)
	var s Switch
	if err := json.Unmarshal(data, &s); err != nil || s.Provider != provider || s.Merchant != merchant {
		return Switch{
			Provider: provider, Merchant: merchant, Paused: true, Actor: "unknown", Reason: "the switch cannot be read",
		}
	}
	return s
}
