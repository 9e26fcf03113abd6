package paysys

// Number is the partner_transaction_id of a payment.
var Number = numberOf
