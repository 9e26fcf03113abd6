package ingress

import (
	"github.com/go-json-experiment/json"
)

// decode reads one JSON object: keys in their exact case and none twice, no text that is not UTF-8, nothing behind the
// object. Keys that into does not have are let through: providers add fields (HAZARDS §4, item 15).
func decode(body []byte, into any) error { return json.Unmarshal(body, into) }
