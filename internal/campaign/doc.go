// Package campaign proves the whole: real workers and ingresses, a real NATS server, Redis, Uzum Bank and the sandbox
// in one testing/synctest bubble, in virtual time, with everything going wrong at once. The judge is the ledger: the
// sandbox's, and the bank's own.
//
// campaign_test.go runs seeds, whose payments are of every flow there is (programs_test.go). crash_test.go stops a
// worker before and after every single thing it does, crash_door_test.go an ingress. books_test.go tells what really
// happened, and oracle_test.go holds our records and events against it. mutants_test.go breaks the code on purpose and
// wants the campaign to notice. A seed that fails can be run alone:
//
//	go test ./internal/campaign -run Campaign -seed 42
package campaign
