// Package rest makes one HTTP exchange with a provider, once.
//
// It never retries, follows no redirect, uses no proxy from the environment and sends no Idempotency-Key header (with
// one, net/http would resend a POST by itself: H15). A reply tells whether any byte may have left us, which is what
// separates *not sent* from *unknown* (H8): the connection itself is asked, because a hook of net/http fires too early
// for a request that is still in a buffer and too late for one whose head alone fills it. It knows no provider's codes:
// see the provider's folder.
package rest
