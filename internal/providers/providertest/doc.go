// Package providertest holds the laws that every provider keeps, as one suite. A provider's own test gives it a flow, a
// caller and the commands of the happy path, and Run puts the caller before the sandbox's faults.
//
// It knows no provider's wire: what a request looks like is told by the fixtures in the provider's folder.
//
// Read next: laws.go.
package providertest
