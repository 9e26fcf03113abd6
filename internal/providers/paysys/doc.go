// Package paysys speaks to PaySys, which pays out to UzCard and Humo cards.
//
// flow.go tells the steps, client.go makes the calls, answers.go tells what a reply proves, codes.go and failures.go
// what a status means, number.go how a payment gets the number under which PaySys knows it, wire.go how it all travels.
//
// The sender and the document are personal data. They are in hand while a payout is prepared, go into that one request,
// and are stored nowhere. Of the recipient only the masked card is kept. PaySys' own messages may repeat any of it, so
// only their numbers are kept.
//
// # Where the documentation is silent
//
// Each of these is a reading of ours, to be checked against the live API, and stands in one place:
//   - Preparing the same payout again gives the same one while it is unconfirmed and equal, else an error. An error is
//     believed only after check_remittance was asked whether the payout is here already.
//   - No list of error codes is published. An error answer to confirm_remittance proves nothing: check_remittance is
//     asked, and so it is for the status -1, of which nobody says whether it is final there.
//   - In check_remittance -1 (error), 2 (cancelled) and 3 (reversed) are final, and nothing stays with the recipient. 0
//     (created) tells that the confirmation had no effect, which is believed only after the quiet period; the same
//     payout is confirmed again then, and never another one prepared (H56).
//   - The documented transport has no HTTP statuses. 401, 403, 408, 429 and everything from 500 on prove nothing.
//   - The card in an answer proves nothing: the documentation's own answer to a payout to 860053******9500 shows
//     860031******2112. partner_transaction_id, transaction_id and amount tell which payout is meant.
//   - An answer to confirm_remittance names no amount: the one that was prepared is the one that is paid.
//   - The document is mandatory from 50 base calculation values, whose value in tiyin is a setting (PAYSYS_BCV), and
//     must be absent below.
package paysys
