// Package atmospinfl speaks to ATMOS's withdrawal by PINFL: a merchant's customer owes under a contract, and ATMOS
// debits whatever cards it knows of that person, without a code.
//
// flow.go tells the steps, client.go makes the calls (one short method each, under the name of its section in the
// provider's documentation), codes.go and failures.go tell what a result code proves. The gateway's account, with its
// access token, is the one that package atmos uses.
//
// # Personal data
//
// The question about a transaction wants the person's PINFL and passport again, perhaps days later. They come sealed to
// the worker's own key, in Order.Person, and are opened for the one request that needs them: that key must stay in
// KEYS_FILE, if no longer as the first one, until the withdrawals that it sealed have ended (adr/0016 for workers
// without such a file). Descriptions of result codes repeat the PINFL, and are never read.
//
// # Where the documentation is silent
//
// Each of these is a reading of ours, to be checked against the live API, and stands in one place:
//   - A result code comes with HTTP 200. Any other HTTP status proves nothing about a call that moves money.
//   - Our ext_id is the payment's id; the request for a person's cards has ".cards" behind it.
//   - update-cards-list documents no answer: HTTP 200 without a refusal, an empty body too, means that it was taken.
//     When cards/check does not know it (-308), it is made again.
//   - A person whose cards are still not found after a SUCCESSFUL update has none.
//   - transaction_status: SUCCESS is final, CREATED is not confirmed yet, CANCELED never will be. The words for "under
//     way" and those of a card that was not debited are our guess; any other word proves nothing.
//   - What was taken is the sum of the details that are SUCCESS. upper_commission comes on top and is not counted.
//   - -308 from transaction/check means that there is no such transaction (a read may lag, H6). -202 means that it
//     failed for good. Other refusals of that call are about the question, not about the transaction.
//   - A cancellation that is refused leaves a draft that nobody confirms: it moves nothing, and counts as dropped.
package atmospinfl
