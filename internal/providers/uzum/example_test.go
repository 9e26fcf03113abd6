package uzum_test

import (
	"encoding/json"
	"fmt"

	"tolov/internal/providers/uzum"
)

// A request is read by the rules of its operation, and refused in the bank's own words.
func Example() {
	body := `{"serviceId": 101202, "timestamp": 1698361456728, "params": {"account": 123456789}}`
	request, code := uzum.Read(uzum.Check, []byte(body))
	account, _, _ := request.Attributes()
	fmt.Printf("account %s, error %q\n", account, code)

	request, code = uzum.Read(uzum.Create, []byte(body)) // no transId, no amount
	answer, _ := json.Marshal(request.Refuse(code, 1698361457021))
	fmt.Printf("%s: %s\n", answer, uzum.Codes()[code])
	// Output:
	// account 123456789, error ""
	// {"serviceId":101202,"timestamp":1698361457021,"status":"FAILED","errorCode":"10005"}: required parameter missing
}
