package telemetry_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"tolov/internal/build"
	"tolov/internal/telemetry"
)

// A program starts its telemetry, counts, and logs.
func Example() {
	about := build.Info{Version: "v1.2.3", Commit: "d2320b5", Go: "go1.26"} // a program takes build.This()
	tel, err := telemetry.Start(context.Background(), "tolov-example", about, os.Getenv)
	if err != nil {
		fmt.Println(err)
		return
	}
	m := telemetry.Maker{Meter: tel.Meter}
	m.Counter(telemetry.MetricPolls, "questions").Add(context.Background(), 2)

	page := httptest.NewRecorder()
	tel.Metrics.ServeHTTP(page, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for line := range strings.Lines(page.Body.String()) {
		if strings.HasPrefix(line, "tolov_") {
			fmt.Print(line)
		}
	}
	_, err = telemetry.NewLogger(os.Stdout, "loud", "")
	fmt.Println(err)
	// Output:
	// tolov_build_info{commit="d2320b5",goversion="go1.26",version="v1.2.3"} 1
	// tolov_polls_total 2
	// LOG_LEVEL: must be debug, info, warn or error
}
