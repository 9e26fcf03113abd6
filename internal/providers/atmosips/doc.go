// Package atmosips makes the calls of ATMOS's acquiring of Visa and Mastercard cards (documentation, "Visa/Mastercard
// acquiring"): payments with 3-D Secure, recurring payments, hosted invoices, holds, and cards that are linked.
//
// It reads ATMOS's answers and says what each proves, and no more. It decides nothing and repeats nothing. A card's CVC
// is written into the one request that needs it.
//
// Where the documentation is silent, it is read so:
//   - A draft, its create and its apply are one transaction under one ext_id, the payment's own id. Its number is the
//     one that create answers.
//   - 3-D Secure is passed when the card is VERIFIED or the transaction has status 3. Without a redirect_uri none is
//     asked for.
//   - Status 3 after an apply means that it is being carried out, 8 and 9 likewise: none of them is final.
//   - create/template debits at once and settles after a moment.
//   - Status 4 of a hold means held and charged alike, so get cannot tell what became of an apply.
//   - How long a hold lasts is not told: the schemes' longest time, 30 days, is taken.
//   - The transaction behind an invoice or a page that links a card has the ext_id checkout_<payment_id>, or else the
//     request_id. A try that failed there is not the end: the page stays open until it expires.
//   - A card is bound under the payment's own id, by which the transaction of a lost answer is found.
//   - The expiry goes out as YYMM, as in the examples; the table says MMYY, so it is a setting.
//
// Read next: flow.go for what happens in which order, client.go for how a call is made, answers.go for what an answer
// proves, codes.go for the result codes.
package atmosips
