package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"
)

// bare serves the barest handler that there could be for the same calls: it reads and decodes the body and writes an
// answer of the same size, and records nothing. What the ingress takes beyond it is what recording takes.
func bare(ctx context.Context, addr string) error {
	server := &http.Server{Addr: addr, Handler: http.HandlerFunc(bareAnswer), ReadHeaderTimeout: time.Second}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func bareAnswer(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		return
	}
	body, err := io.ReadAll(r.Body)
	var asked struct {
		ServiceID int64  `json:"serviceId"`
		TransID   string `json:"transId"`
		Amount    int64  `json:"amount"`
	}
	if err != nil || json.Unmarshal(body, &asked) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{ // a caller that is gone is no fault of ours
		"serviceId": asked.ServiceID, "transId": asked.TransID, "status": "CREATED", "amount": asked.Amount,
		"transTime": time.Now().UnixMilli(),
		"data":      map[string]any{"account": map[string]string{"value": "123456789"}},
	})
}
