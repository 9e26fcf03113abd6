package worker

import (
	"context"
	"time"
)

const keysEvery = 10 * time.Second // from a new key in the file until it opens cards, at most

// watchKeys reads the key file again and again, so that keys are rotated without a restart. A file that cannot be taken
// changes nothing, and is told of until it is mended.
func (w *Worker) watchKeys(ctx context.Context) error {
	keys := w.parts.Config.Keys
	if !keys.Changes() {
		return nil
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(keysEvery):
		}
		news, err := keys.Reread()
		switch {
		case err != nil:
			w.parts.Log.ErrorContext(ctx, "key file not taken, the keys before still count", "err", err)
		case news:
			var ids []string
			for _, key := range keys.Ring() {
				ids = append(ids, key.ID)
			}
			w.parts.Log.InfoContext(ctx, "keys", "ids", ids)
		}
	}
}
