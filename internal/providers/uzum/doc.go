// Package uzum speaks the words of Uzum Bank's Merchant API, by which the bank calls us: check, create, confirm,
// reverse, status.
//
// flow.go tells the steps of a payment, wire.go what is asked and answered, codes.go the errors. There is no client: we
// call nobody. Who calls, what is recorded and when an answer goes out is the ingress's.
//
// # Where the documentation is silent
//
// Each of these is a reading of ours, to be checked against the live API, and stands in one place:
//   - A field that is required and null is missing (10005); one of the wrong type, a key that stands twice, and a body
//     that is no JSON object cannot be parsed (10002). Fields that are not documented are let through.
//   - params.account is a string or a whole number, and is told as text in data.account. Without one: 10007.
//   - transId is a UUID in the form of RFC 9562 §4, its case kept. Another form, an amount that is not positive, and a
//     transaction that is unknown or differs from what was created: 99999.
//   - paymentSource and cardType may have values that the document does not list yet: by then the money has moved.
//   - A payment that is not confirmed within a day is cancelled: status tells FAILED, confirm 10009, reverse REVERSED.
//   - A timestamp proves nothing and is not compared with the clock: repeats are told apart by transId.
package uzum
