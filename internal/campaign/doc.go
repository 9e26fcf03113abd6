// Package campaign proves the whole: real workers, a real NATS server, Redis and the sandbox in one testing/synctest
// bubble, in virtual time, with everything going wrong at once. The judge is the sandbox's ledger.
//
// campaign_test.go runs seeds; crash_test.go stops a worker before and after every single thing it does;
// mutants_test.go breaks the code on purpose and wants the campaign to notice. A seed that fails can be run alone:
//
//	go test ./internal/campaign -run Campaign -seed 42
package campaign
