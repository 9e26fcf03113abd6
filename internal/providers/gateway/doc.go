// Package gateway makes the calls of one merchant's account at ATMOS's gateway: every ATMOS API stands behind it and
// takes the same access token (documentation, "Authorization in API").
//
// It knows no operation, and of result codes only that every reply has one. The APIs that share an account share its
// one token: asked for once, renewed before it ends, given back at shutdown.
//
// Read next: gateway.go for a call, answer.go for what a reply proves before anyone reads its code, token.go for the
// token's life.
package gateway
