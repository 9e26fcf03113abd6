// Package embedded runs the NATS server and Redis inside this process, for development, the demo and small set-ups.
//
// The NATS server is the real one with its files under DATA_DIR and its port open, so that every NATS client can
// publish. Redis is miniredis: it loses its keys with the process, which changes nothing but latency.
package embedded
