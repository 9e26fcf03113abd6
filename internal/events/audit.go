package events

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
)

// Ensure creates the streams that are missing. It refuses to go on, and creates nothing, when one that exists would
// lose messages (H32) or when a part of the journal is gone (H33, H37). It lists all faults.
func (l Layout) Ensure(ctx context.Context, js jetstream.JetStream) error {
	missing, faults := l.inspect(ctx, js)
	if len(faults) > 0 {
		return errors.Join(faults...)
	}
	for _, want := range missing {
		have, err := create(ctx, js, want)
		if err != nil {
			return fmt.Errorf("stream %s: %w", want.Name, err)
		}
		faults = append(faults, audit(want, have)...)
	}
	return errors.Join(faults...)
}

// Audit compares the streams that exist with what they must be, without creating any (H33).
func (l Layout) Audit(ctx context.Context, js jetstream.JetStream) error {
	missing, faults := l.inspect(ctx, js)
	for _, want := range missing {
		faults = append(faults, fmt.Errorf("stream %s: is missing", want.Name))
	}
	return errors.Join(faults...)
}

// inspect lists the streams that are missing, and what is wrong with the others.
func (l Layout) inspect(
	ctx context.Context, js jetstream.JetStream,
) (missing []jetstream.StreamConfig, faults []error) {
	used := false // by payments
	for _, want := range l.Streams() {
		stream, err := js.Stream(ctx, want.Name)
		switch {
		case errors.Is(err, jetstream.ErrStreamNotFound):
			missing = append(missing, want)
			continue
		case err != nil: // the server, not the stream: the others would say the same, each after its timeout
			return nil, append(faults, fmt.Errorf("stream %s: %w", want.Name, err))
		}
		info := stream.CachedInfo()
		used = used || (info.State.LastSeq > 0 && keepsPayments(want.Name))
		faults = append(faults, audit(want, info.Config)...)
	}
	for _, want := range missing {
		if used && journalStream(want.Name) {
			faults = append(faults, fmt.Errorf(
				"stream %s: is gone while payments were recorded; restore it, an empty one would repeat them", want.Name))
		}
	}
	return missing, faults
}

func journalStream(name string) bool { return strings.HasPrefix(name, StreamJournal) }

func keepsPayments(name string) bool { return journalStream(name) || name == StreamEvents }

func create(ctx context.Context, js jetstream.JetStream, want jetstream.StreamConfig) (jetstream.StreamConfig, error) {
	stream, err := js.CreateStream(ctx, want)
	if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) { // another worker was faster
		stream, err = js.Stream(ctx, want.Name)
	}
	if err != nil {
		return jetstream.StreamConfig{}, err
	}
	return stream.CachedInfo().Config, nil
}

// audit lists the settings of a stream that would lose messages or break the engine.
func audit(want, have jetstream.StreamConfig) []error {
	var faults []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			faults = append(faults, fmt.Errorf("stream "+want.Name+": "+format, args...))
		}
	}
	check(have.Retention == want.Retention, "retention must be %s, is %s", want.Retention, have.Retention)
	check(have.Storage == want.Storage, "storage must be %s, is %s", want.Storage, have.Storage)
	check(have.Replicas >= want.Replicas, "must have %d replicas, has %d", want.Replicas, have.Replicas)
	check(have.PersistMode == want.PersistMode || have.PersistMode == jetstream.DefaultPersistMode,
		"must store a message before it acknowledges it")
	check(!have.NoAck, "must acknowledge what it stores")
	check(!have.Sealed, "must not be sealed")
	check(have.AllowDirect, "must allow direct reads")
	check(!want.AllowMsgSchedules || have.AllowMsgSchedules, "must allow message schedules")
	check(want.Metadata[ShardsKey] == have.Metadata[ShardsKey], "was created for %s journal shards, JOURNAL_SHARDS is %s",
		cmp.Or(have.Metadata[ShardsKey], "an unknown number of"), want.Metadata[ShardsKey])
	auditLimits(want, have, check)
	auditSubjects(want, have, check)
	return faults
}

// auditLimits wants nothing to be dropped that was not dealt with.
func auditLimits(want, have jetstream.StreamConfig, check func(ok bool, format string, args ...any)) {
	mayDrop := want.Discard == jetstream.DiscardOld
	check(mayDrop || have.Discard == jetstream.DiscardNew, "discard must be new")
	check(have.MaxAge == want.MaxAge || (want.MaxAge > 0 && (have.MaxAge == 0 || have.MaxAge > want.MaxAge)),
		"max age must be %s, is %s", want.MaxAge, have.MaxAge)
	check(have.MaxMsgsPerSubject <= 0 || want.MaxMsgsPerSubject > 0, "must not limit messages per subject")
	check(!have.DiscardNewPerSubject, "must not refuse a message because of another of its subject")
	check(!mayDrop || (have.MaxMsgs <= 0 && have.MaxBytes <= 0), "must not drop old messages by count or size")
	check(have.MaxMsgSize <= 0, "must not limit the size of a message")
	check(!want.DenyDelete || have.DenyDelete, "must deny deletes")
	check(!want.DenyPurge || have.DenyPurge, "must deny purges")
	check(want.AllowRollup || !have.AllowRollup, "must not let a message replace others")
	check(!have.AllowMsgTTL, "must not let a message name its own age")
}

// auditSubjects wants our subjects, as they are, and nothing else.
func auditSubjects(want, have jetstream.StreamConfig, check func(ok bool, format string, args ...any)) {
	for _, subject := range want.Subjects {
		check(slices.Contains(have.Subjects, subject), "must store %s", subject)
	}
	check(have.SubjectTransform == nil, "must not change subjects")
	check(len(have.Sources) == 0 && have.Mirror == nil, "must not be sourced or mirrored from another stream")
}
