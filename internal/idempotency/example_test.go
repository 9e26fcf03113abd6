package idempotency_test

import (
	"context"
	"fmt"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"tolov/internal/idempotency"
	"tolov/internal/payment"
)

// A command comes twice, then its key comes with another amount, then Redis goes away.
func Example() {
	server := miniredis.NewMiniRedis()
	if err := server.Start(); err != nil {
		fmt.Println(err)
		return
	}
	client := redis.NewClient(&redis.Options{Addr: server.Addr()})
	defer func() { _ = client.Close() }()

	ctx := context.Background()
	guard := idempotency.New(client, "worker-1", time.Now)
	command := &payment.Command{Verb: payment.VerbPay, Merchant: "shop", ExtID: "order-1"}
	same := payment.Keyring{}.Fingerprint([]byte(`{"amount":5000000}`), command)
	other := payment.Keyring{}.Fingerprint([]byte(`{"amount":9000000}`), command)

	fmt.Println(guard.Claim(ctx, command, same))
	fmt.Println(guard.Claim(ctx, command, same))
	fmt.Println(guard.Claim(ctx, command, other))
	server.Close()
	fmt.Println(guard.Claim(ctx, command, same)) // and the journal is asked
	// Output:
	// fresh
	// replay
	// conflict
	// unavailable
}
