package config_test

import (
	"fmt"

	"tolov/internal/config"
)

// Settings come from the environment, and everything that is wrong with them is told at once.
func Example() {
	c, err := config.Load([]string{"PROVIDER_TIMEOUT_S=2.5", "POLL_SCHEDULE=1s,5s"})
	fmt.Println(err, c.Embedded(), c.Worker.PollSchedule.Durations())

	_, err = config.Load([]string{"NATS_URL=nats://queue.example:4222", "LOG_LEVEL=loud", "ATMOS_STORE_ID=7"})
	fmt.Println(err)
	// Output:
	// <nil> true [1s 5s]
	// settings:
	//   ATMOS_BASE_URL: must be an http or https address without user and password
	//   ATMOS_CONSUMER_KEY: is required
	//   ATMOS_CONSUMER_SECRET: is required
	//   LOG_LEVEL: must be debug or info or warn or error
}
