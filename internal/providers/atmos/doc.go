// Package atmos speaks to ATMOS, the gateway to UzCard and Humo cards.
//
// flow.go tells the steps, client.go makes the calls (one short method each, under the name of its section in the
// provider's documentation), codes.go and failures.go tell what a result code proves.
//
// # Where the documentation is silent
//
// Each of these is a reading of ours, to be checked against the live API, and stands in one place:
//   - A result code comes with HTTP 200. Any other HTTP status proves nothing about a call that moves money.
//   - pay/get on a finished payment answers STPIMS-ERR-092 with confirmed = true: that is success.
//   - A payment by token is applied with the standard code 111111, which no customer is asked for.
//   - Ids come as numbers in one sample and as strings in another: both are read, numbers are sent.
//   - INFO-201 at pre-apply asks the customer for a code, also when the card was given by token.
//   - An answer that names another transaction than the one asked about proves nothing, unless it says confirmed: then
//     it is a contradiction.
//   - The transaction_id of the Callback API is that of create. What held funds are charged under is not known before.
//   - A code that was sent is good for five minutes, and three wrong ones end the payment.
package atmos
