package traces

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// Jaeger is a Jaeger that runs, under the address of its query API.
type Jaeger struct{ URL string }

const (
	askWait   = 5 * time.Second
	mostFound = "1500" // traces in one answer
)

// reply is the query API's answer (Jaeger's JSON model: times are microseconds since 1970).
type reply struct {
	Data []struct {
		Spans     []span `json:"spans"`
		Processes map[string]struct {
			ServiceName string `json:"serviceName"`
		} `json:"processes"`
	} `json:"data"`
}

type span struct {
	TraceID       string      `json:"traceID"`
	SpanID        string      `json:"spanID"`
	OperationName string      `json:"operationName"`
	References    []reference `json:"references"`
	StartTime     int64       `json:"startTime"`
	Duration      int64       `json:"duration"`
	Tags          []tag       `json:"tags"`
	ProcessID     string      `json:"processID"`
}

type reference struct {
	RefType string `json:"refType"`
	TraceID string `json:"traceID"`
	SpanID  string `json:"spanID"`
}

type tag struct {
	Key   string `json:"key"`
	Value any    `json:"value"`
}

// Find gives the traces that a service has a span in, the oldest first.
func (j Jaeger) Find(ctx context.Context, service string) ([][]Span, error) {
	var r reply
	query := url.Values{"service": {service}, "limit": {mostFound}, "lookback": {"1h"}}
	if err := j.get(ctx, "/api/traces?"+query.Encode(), &r); err != nil {
		return nil, err
	}
	var found [][]Span
	for _, t := range r.Data {
		var spans []Span
		for _, s := range t.Spans {
			spans = append(spans, s.read(t.Processes[s.ProcessID].ServiceName))
		}
		found = append(found, spans)
	}
	slices.SortFunc(found, func(a, b []Span) int { return start(a).Compare(start(b)) })
	return found, nil
}

// Ready tells whether it answers.
func (j Jaeger) Ready(ctx context.Context) error { return j.get(ctx, "/api/services", &struct{}{}) }

func (j Jaeger) get(ctx context.Context, path string, into any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, j.URL+path, nil)
	if err != nil {
		return err
	}
	answer, err := (&http.Client{Timeout: askWait}).Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", path, answer.Status)
	}
	return json.NewDecoder(answer.Body).Decode(into)
}

func start(spans []Span) time.Time {
	return slices.MinFunc(spans, func(a, b Span) int { return a.Start.Compare(b.Start) }).Start
}

// read makes a Span of what Jaeger tells. Its own parent is in a reference of the same trace; every other reference is
// a link.
func (s span) read(service string) Span {
	out := Span{
		Trace: s.TraceID, ID: s.SpanID, Service: service, Name: s.OperationName, Start: time.UnixMicro(s.StartTime),
		Took: time.Duration(s.Duration) * time.Microsecond, Attributes: map[string]string{},
	}
	for _, r := range s.References {
		if r.RefType == "CHILD_OF" && r.TraceID == s.TraceID {
			out.Parent = r.SpanID
			continue
		}
		out.Links = append(out.Links, r.TraceID)
	}
	for _, t := range s.Tags {
		out.Attributes[t.Key] = fmt.Sprint(t.Value)
	}
	if out.Attributes["error"] == "true" {
		out.Error = cmp.Or(out.Attributes["otel.status_description"], "error")
	}
	return out
}
