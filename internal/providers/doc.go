// Package providers knows which providers there are, and makes their calls safe to make: span, deadline, circuit
// breaker, rate limit and metrics stand once, in the Guard.
//
// A provider is a folder: its flows as data, its calls as short methods, its codes as a table. It never retries, sleeps
// or publishes. To add one: a folder, a line in registry.go, and its part of the sandbox. What every provider must keep
// to stands in providertest, and its own test runs that.
package providers
