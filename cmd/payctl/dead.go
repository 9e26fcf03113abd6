package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"tolov/client"
	"tolov/internal/desk"
	"tolov/internal/payment"
)

// deadVerbs look after the messages that nobody could use.
type deadVerbs struct {
	List   deadListVerb   `cmd:"" help:"List them, the newest first."`
	Show   deadShowVerb   `cmd:"" help:"Show one: why it is dead, and what is left of it."`
	Replay deadReplayVerb `cmd:"" help:"Publish one again, mended, as a command like every other."`
}

// deadListVerb lists dead letters.
type deadListVerb struct {
	Limit int `default:"20" help:"How many at most: ${default}."`
}

// Run lists them.
func (v deadListVerb) Run(ctx context.Context, a *app) error {
	return a.atDesk(ctx, func(ctx context.Context, d *desk.Desk) error {
		letters, all, err := d.Letters(ctx, v.Limit)
		if err != nil {
			return err
		}
		if a.flags.JSON {
			return a.machine(map[string]any{"count": all, "letters": letters})
		}
		a.showLetters(letters, all)
		return nil
	})
}

func (a *app) showLetters(letters []desk.Letter, all uint64) {
	t := &table{head: []string{"NO", "SINCE", "REASON", "PUBLISHED TO", "EXT_ID", "REPLAYED"}, right: "r"}
	for _, l := range letters {
		replayed := cell{}
		if l.Replay != nil {
			replayed = cell{"by " + l.Replay.Actor + ", " + clock(l.Replay.At.Time), green}
		}
		t.add(cell{fmt.Sprint(l.Sequence), bold}, cell{clock(l.At.Time), dim}, cell{l.Reason, red}, cell{l.Subject, plain},
			cell{fields(l)["ext_id"], plain}, replayed)
	}
	t.write(a.out, a.paint, "  ")
	summary := fmt.Sprintf("%d dead letters, kept for 90 days", all)
	if len(letters) > 0 {
		summary = "\n" + summary + "; payctl dead show NO"
	}
	show(a.out, "%s\n", summary)
}

// fields are those of a letter whose values are known, as texts.
func fields(l desk.Letter) map[string]string {
	var body map[string]any
	_ = json.Unmarshal(l.Body, &body) // of a message that was no object only the size is left
	texts := map[string]string{}
	for name, value := range body {
		texts[name] = fmt.Sprint(value)
		if n, ok := value.(float64); ok {
			texts[name] = fmt.Sprintf("%.0f", n)
		}
	}
	return texts
}

// deadShowVerb shows one dead letter.
type deadShowVerb struct {
	No uint64 `arg:"" help:"Its number in the list."`
}

// Run shows it.
func (v deadShowVerb) Run(ctx context.Context, a *app) error {
	return a.atDesk(ctx, func(ctx context.Context, d *desk.Desk) error {
		l, err := d.Letter(ctx, v.No)
		switch {
		case err != nil:
			return err
		case a.flags.JSON:
			return a.machine(l)
		}
		a.showLetter(l)
		return nil
	})
}

func (a *app) showLetter(l desk.Letter) {
	t := &table{}
	t.add(cell{"letter", dim}, cell{fmt.Sprint(l.Sequence), bold})
	t.add(cell{"since", dim}, cell{clock(l.At.Time), plain})
	t.add(cell{"dead because", dim}, cell{l.Reason + ": " + why(l.Reason), red})
	t.add(cell{"published to", dim}, cell{l.Subject + ", as no. " + l.Original + " of its stream", plain})
	known := fields(l)
	for _, name := range slices.Sorted(maps.Keys(known)) {
		t.add(cell{"field " + name, dim}, cell{known[name], plain})
	}
	if r := l.Replay; r != nil {
		text := "by " + r.Actor + " at " + clock(r.At.Time) + " as " + string(r.Verb) + ": " + r.Reason
		t.add(cell{"replayed", dim}, cell{text, green})
		t.add(cell{"payment", dim}, cell{r.PaymentID, plain})
	}
	t.write(a.out, a.paint, "  ")
	show(a.out, "\nnext: tell its sender; or payctl dead replay %d --body @file --dry-run\n", l.Sequence)
}

// why tells what a reason means.
func why(reason string) string {
	switch reason {
	case "not_json":
		return "its body is not one JSON object"
	case "too_large":
		return "it has more than 64 KiB"
	case "unknown_verb":
		return "there is no such command"
	case "bad_ext_id":
		return "its ext_id or merchant is missing or has another form, so no payment can be named"
	default:
		return "see PAYMENTS_DEAD"
	}
}

// deadReplayVerb publishes a dead letter again.
type deadReplayVerb struct {
	No     uint64 `arg:"" help:"Its number in the list."`
	Verb   string `help:"The command's verb; that of the subject when not given."`
	Body   string `placeholder:"-|@FILE" help:"JSON of the fields to add or to replace: - or @file."`
	Actor  string `help:"Who does it; required, unless it is a dry run."`
	Reason string `help:"Why; required likewise."`
	DryRun bool   `help:"Only tell what would become of it."`
}

// Help tells what is published.
func (deadReplayVerb) Help() string {
	return "The command is made of what the letter keeps (names and amounts; never a card, a code or a person) and of " +
		"--body, which must bring what was hidden or wrong. A worker is asked what would become of it, by the very " +
		"decision that would be taken; then it is published as a command. A command that continues a payment gets the " +
		"command_id replay-NO, so that a second replay is a no-op."
}

// Run replays it.
func (v deadReplayVerb) Run(ctx context.Context, a *app) error {
	if !v.DryRun && (strings.TrimSpace(v.Actor) == "" || strings.TrimSpace(v.Reason) == "") {
		return fmt.Errorf("%w: --actor and --reason are missing; --dry-run wants neither", errUsage)
	}
	mended, err := a.in.object(v.Body)
	if err != nil {
		return err
	}
	return a.atDesk(ctx, func(ctx context.Context, d *desk.Desk) error {
		l, err := d.Letter(ctx, v.No)
		if err != nil {
			return err
		}
		verb, body, err := v.command(l, mended)
		if err != nil {
			return err
		}
		seen, err := d.Preview(ctx, desk.Preview{Verb: verb, Body: string(body)})
		if err != nil {
			return err
		}
		if err := a.showForeseen(verb, seen); err != nil || v.DryRun {
			return err
		}
		err = d.Again(ctx, desk.Replay{
			Sequence: v.No, PaymentID: seen.PaymentID, Verb: verb, Actor: v.Actor, Reason: v.Reason,
		}, body)
		if err == nil && !a.flags.JSON {
			show(a.out, "published   see payctl history %s\n", seen.PaymentID)
		}
		return err
	})
}

// command makes the command out of what the letter keeps and what was mended. Fields that are still hidden are an
// error.
func (v deadReplayVerb) command(l desk.Letter, mended map[string]json.RawMessage) (payment.Verb, []byte, error) {
	verb := payment.Verb(v.Verb)
	if verb == "" {
		verb = payment.Verb(l.Subject[strings.LastIndexByte(l.Subject, '.')+1:])
	}
	if !verb.Known() {
		return "", nil, fmt.Errorf("%w: %q is no verb: give --verb", errUsage, verb)
	}
	fields := map[string]json.RawMessage{}
	if json.Unmarshal(l.Body, &fields) != nil || l.Reason == "not_json" || l.Reason == "too_large" {
		fields = map[string]json.RawMessage{} // only its size is left
	}
	if !verb.Opens() {
		fields["command_id"] = json.RawMessage(fmt.Sprintf(`"replay-%d"`, l.Sequence))
	}
	maps.Copy(fields, mended)
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		switch string(fields[name]) {
		case `"***"`:
			return "", nil, fmt.Errorf("%w: %s is hidden in the letter: bring it with --body", errUsage, name)
		case "null":
			delete(fields, name)
		}
	}
	body, err := json.Marshal(fields)
	return verb, body, err
}

// showForeseen tells what would become of a command. One that would be refused is an error.
func (a *app) showForeseen(verb payment.Verb, f desk.Foreseen) error {
	var refused error
	switch {
	case f.Dead != "":
		refused = fmt.Errorf("it would be dead again: %s, %s", f.Dead, why(f.Dead))
	case f.Rejection != nil:
		refused = errors.New("it would be rejected: " + refusal(client.Rejection{
			Verb: string(f.Rejection.Verb), Code: string(f.Rejection.Code), Field: f.Rejection.Field,
			Message: f.Rejection.Message,
		}))
	}
	if a.flags.JSON {
		return errors.Join(a.machine(f), refused)
	}
	if refused != nil {
		return refused
	}
	show(a.out, "%s of %s would ", verb, f.PaymentID)
	switch {
	case f.Paused:
		show(a.out, "wait: the provider is paused\n")
	case f.Moves:
		show(a.out, "lead to the call %s, which moves money\n", f.Call)
	case f.Call != "":
		show(a.out, "lead to the call %s\n", f.Call)
	case f.Repeats:
		show(a.out, "change nothing: it repeats a command that was carried out, or waits for one\n")
	default:
		show(a.out, "be taken\n")
	}
	return nil
}

// object reads a JSON object of command fields; none is none. What is wrong with it is told without repeating it.
func (in *input) object(given string) (map[string]json.RawMessage, error) {
	var data []byte
	var err error
	switch path, isFile := strings.CutPrefix(given, "@"); {
	case given == "":
		return nil, nil
	case isFile:
		data, err = os.ReadFile(path)
	case given == "-":
		data, err = io.ReadAll(in.lines)
	default:
		return nil, fmt.Errorf("%w: --body must be - or @file: it may hold a card, which does not belong on the command line",
			errUsage)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: --body cannot be read: %w", errUsage, err)
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(bytes.TrimSpace(data), &fields) != nil {
		return nil, fmt.Errorf("%w: --body is no JSON object", errUsage)
	}
	return fields, nil
}
