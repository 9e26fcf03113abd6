// Package via speaks to VIA, which debits a client's card for a merchant's service once the client has confirmed it
// with a one-time code.
//
// flow.go tells the steps, client.go makes the calls, answers.go tells what a reply proves, codes.go and failures.go
// what a status and an error mean, wire.go how they travel.
//
// # Where the documentation is silent
//
// Each of these is a reading of ours, to be checked against the live API, and stands in one place:
//   - The verifyId is the transactionId: in the samples they are equal. An answer that names another one is a
//     contradiction.
//   - Status is asked by externalId, which is the payment's own id. It is unique per request, so a repeated
//     confirm/pay may be refused for it: whether the first one arrived is asked before a refusal is believed.
//   - No list of error codes is published: a wrong code cannot be told from another error by its number. An error
//     answer to verify is followed by a status query. A transaction that is still open (NEW, DRAFT) then did not take
//     the code, and another may be tried; what else the query tells counts as it stands.
//   - An error with HTTP status 401, 403, 408, 429, 500 or more is no word on the transaction: what became of it is
//     unknown.
//   - NEW and DRAFT tell that no debit has begun, PENDING that one is under way. None is final: an answer of verify
//     that was lost is believed to be lost for good only after the quiet period, and then the same transaction is
//     verified, never another (H7).
//   - The text has no call that sends the code again and none that cancels: a draft that nobody verifies runs out by
//     itself. A code is good for five minutes.
//   - An account with VIA takes one account of the customer, under the name "account".
package via
