// Package sandbox plays the payment providers: the other end of the wire, for tests, campaigns and the demo.
//
// It is a judge. It keeps its own ledger of what was really debited, shares no code with the programs that call it,
// and can be told to misbehave in every way a provider has been seen to. It will not help its caller: no hints in
// answers, no leniency about tokens, codes or stores.
//
// # Where things are
//
//	/atmos/...                          the ATMOS API: a client's base URL is http://host/atmos
//	GET    /atmos/invoice/get           the ATMOS payment page; POST pays there
//	/via/...                            the VIA API: a client's base URL is http://host/via
//	POST   /paysys/gateway              the PaySys gateway, JSON-RPC
//	GET    /sandbox/ledger              debits, payouts, refunds, holds, cards, transactions, calls per operation
//	GET    /sandbox/transactions/{id}   one transaction as the sandbox sees it
//	POST   /sandbox/pages/{id}/pay      pay a transaction on its page, with the first test card
//	POST   /sandbox/pages/{id}/abandon  close a transaction's page for good
//	POST   /sandbox/books/{provider}/{id}/{how}
//	                                    make the provider's books wrong about a transaction: not, amount, status, number
//	DELETE /sandbox/books               put the books right again
//	POST   /sandbox/faults              script a Fault
//	DELETE /sandbox/faults              forget the scripted faults
//
// # Faults
//
// A Fault names an operation ("apply", "atmos.apply", or "*" for every one, tokens included) and a kind. "Done" means
// that the operation took effect. DelayMS is 1000 when it is not given. Swarm uses a kind only on the classes listed:
// (d)raft, (m)oney (and whatever links or removes a card), (r)ead, (a)uth; Script takes every kind anywhere. On a read,
// done and not done are the same.
// A request that is refused for its token or its form meets no fault.
//
//	kind                classes  what happens
//	fail_before         d m r a  HTTP 500, nothing done
//	fail_after          d m   a  done, then HTTP 502
//	silent_before       d m r a  nothing done, never answered
//	silent_after        d m   a  done, never answered
//	late                d m      never answered; done DelayMS later
//	pending               m      answered "in process" (INFO-202); done DelayMS later
//	lag                   m      done and answered, but reads say unconfirmed for DelayMS
//	flip_flop               r    a confirmed payment reads confirmed, unconfirmed, confirmed, ... in turn
//	wrong_amount          m r    done, the answer names another amount
//	wrong_transaction     m r    done, the answer names another transaction
//	unknown_code        d m r    result code STPIMS-ERR-999, nothing done
//	unknown_code_after  d m      done, result code STPIMS-ERR-999
//	unauthorized        d m r    HTTP 401, nothing done; the token stays good
//	too_many            d m r a  HTTP 429 with Retry-After: 1, nothing done
//	unavailable         d m r a  HTTP 503, nothing done
//	html                d m r a  HTTP 200 with a page of HTML, nothing done
//	html_after          d m   a  done, HTTP 200 with a page of HTML
//	truncated_after     d m r a  done, the body breaks off in the middle
//	empty_after         d m r a  done, HTTP 200 without a body
//	huge_after          d m r a  done, a body of more than 2 MiB
//	drip_after          d m r a  done, answered one byte at a time over DelayMS
//	reset_before        d m r a  connection closed without an answer, nothing done
//	reset_after         d m   a  done, connection closed without an answer
//	slow                d m r a  done and answered after DelayMS, whether or not the client is still there
//	mixed                 m      of a bulk or a multiple hold only the first part is done, the others are refused
//	                             (STPIMS-ERR-057), and the answer says so part by part; elsewhere no fault at all
//
// What lags or flips is what the operation changed: a payment, each part of a bulk, a partial reversal, a hold, the
// list of cards. The payment page is the payer's, and meets no fault.
//
// "Never answered" lasts until the client goes away. An unconfirmed payment is never told as confirmed: no caller
// could defend itself against that.
//
// # Magic cards and tokens
//
//	card number        ATMOS answers
//	8600492986215602   STPIMS-ERR-067 card expired, at pre-apply
//	8600493214116133   STPIMS-ERR-089 SMS not connected, at pre-apply
//	8600312998546358   STPIMS-ERR-057 insufficient funds, at apply
//	8600312987000557   STPIMS-ERR-001 processing error, at apply, nothing done
//	other 16 digits    works; the code sent is 111111 and holds for five minutes
//
//	token containing   ATMOS answers
//	blocked            STPIMS-ERR-058 card blocked, at pre-apply
//	missing            STPIMS-ERR-004 card not found, at pre-apply
//	insufficient       STPIMS-ERR-057 insufficient funds, at apply
//	silent             apply as under silent_after
//	lost               the transaction's first apply as under silent_before, later ones work
//	late               apply as under late, with three seconds
//	mixed              apply as under mixed
//	anything else      works; the code is 111111, without an SMS
//
// What is told at pre-apply, a hold tells when it is created, and a link when it begins. "Apply" is that of a payment,
// of a bulk, of a hold and of a multiple hold. The token of a card that was linked here is never magic: it pays as the
// card's number does, and answers STPIMS-ERR-004 once the card is removed.
//
// Magic is not a fault: Quiet leaves it on. A scripted fault wins over magic, magic over the swarm.
//
// # Where the ATMOS text is silent
//
//   - trans_id equals transaction_id. Stores and transactions are whole numbers, else STPIMS-ERR-007. A transaction
//     asked for under another store is not found (STPIMS-ERR-061).
//   - The third wrong code still answers STPIMS-ERR-098 and cancels the transaction: STPIMS-ERR-064 from then on, for
//     get too. A right code that ran out is not counted as wrong. Neither otp-resend nor a second pre-apply resets the
//     count.
//   - pre-apply may be repeated, with another card too; the last one counts. It answers OK when it sends a code.
//   - apply before pre-apply, and otp-resend without a code under way, answer STPIMS-ERR-012.
//   - A card number together with a card token answers STPIMS-ERR-009. A past expiry is no error: only the magic card
//     is expired.
//   - A part of a bulk is a transaction of its own for apply, get, reverse and the partial reversals. The bulk's calls
//     take any of its parts, but of one bulk only and none twice, else STPIMS-ERR-012. The first part that is closed
//     refuses them all. A wrong code counts for each part, and otp-resend for one part is for all.
//   - reverse gives back what is left after partial reversals; hold_amount only has to be a number. Unpaid: both kinds
//     of reversal answer STPIMS-ERR-101. Nothing left, or the second time: STPIMS-ERR-100, and so does get of a
//     reversed payment, unconfirmed. More than is left: STPIMS-ERR-042, at creation and again at confirmation, because
//     an open partial reversal reserves nothing. request_id need not be unique. An unknown number: STPIMS-ERR-061.
//   - transaction_reverted_amount is the partial reversal's own and 0 before it is confirmed; transaction_left_amount
//     is the payment's. ofd_items are asked for, their sum is not compared.
//   - A card that is linked again keeps its card_id and token. A repeated bind-card/confirm answers STPIMS-ERR-092, an
//     unknown one STPIMS-ERR-061, one after three wrong codes STPIMS-ERR-064. Pages start at 1 and hold ten cards, the
//     oldest first. A card that is not in the list, or another's token, is STPIMS-ERR-004.
//   - Holds have numbers of their own. A hold's time begins when it is applied, hold_till is Tashkent's. Applying one
//     that is held or charged answers STPIMS-ERR-092, cancelled STPIMS-ERR-145, expired STPIMS-ERR-144; charging one
//     that is not confirmed STPIMS-ERR-142, charged STPIMS-ERR-092; for more than is held STPIMS-ERR-042. Charging
//     less releases the rest.
//   - Cancelling a hold answers STPIMS-ERR-145 for a draft, a held and a cancelled one, STPIMS-ERR-144 for an expired
//     and STPIMS-ERR-143 for a charged one. send_cancel_sms is asked for.
//   - GET of a hold answers STPIMS-ERR-142 unconfirmed, OK with hold_till held, OK and confirmed charged,
//     STPIMS-ERR-145 cancelled, STPIMS-ERR-144 expired, STPIMS-ERR-100 reversed, with store_transaction each time.
//   - A hold's transaction is charged, and its code checked, through the hold alone: STPIMS-ERR-012 otherwise. A part
//     of a multiple hold is applied with its parent alone: STPIMS-ERR-012 otherwise. Charged and cancelled, each by
//     itself.
//   - The payment page asks its payer for the code itself. Abandoning it changes nothing that get tells.
//   - Billing that does not agree answers STPIMS-ERR-093 and leaves the transaction open; for a bulk one refusal is
//     enough. A hold is asked about when it is charged. While billing is being asked, another apply, pre-apply or
//     charge answers STPIMS-ERR-065.
//   - Refusals carry the result object alone. Unreadable JSON is HTTP 400, a bad bearer token HTTP 401.
//   - A refresh with a dead refresh_token is a plain request for a new token.
//
// Uzum Bank is no part of the handler: it calls the merchant. NewUzum plays it (uzum.go).
//
// # Withdrawals by PINFL
//
// They stand under /atmos/ppa with the tokens of /atmos. Their result codes are numbers: a strange one is -999, and "in
// process" is the transaction_status PROGRESS. A fault's account is the contract_number; the calls about a person's
// cards have none. Two of the same withdrawal's debits may stand in the ledger: one for each card.
//
//	PINFL ends with   what happens
//	0002              two cards are debited
//	0103              -103 person not available, at create
//	0105              -105 no cards with sufficient balance, at create
//	0106              60 % of the amount is there, on two of three cards: -106 at create without partial_debit
//	0107              -107 not enough in full, at confirm
//	0109              -109 no cards, until they were looked for: three seconds
//	0110              -109 no cards, whatever is done
//	0200              slow: confirm as under pending, with three seconds
//	0202              confirm answers -200 and the transaction has failed: check answers -202
//	anything else     one card is debited
//
// Where the text is silent: an ext_id that was used answers -302, whatever came with it. confirm and cancel find a
// transaction by both of its ids (-301 otherwise), and tell one that is past them as it stands. check knows a
// transaction by ext_id (-308), and tells it to whom names its person (-301 otherwise). update-cards-list wants the
// ePOS (-307) and answers {"code":"200"}; repeated under its ext_id it begins nothing. cards/check says IN_PROGRESS
// until it says SUCCESSFUL. A card that gave nothing is told as FAILED. The least amount is 1000 tiyin (-306).
//
// # Visa and Mastercard
//
// They stand under /atmos/mps, /atmos/mps-extend and /atmos/checkout with the tokens of /atmos. Their rules, magic
// cards and cards that are linked from the start are told at the type ips (atmos_ips.go). A strange code is -999, "in
// process" a status that waits. PayPage and AbandonPage take a transaction's number, a card's, or
// checkout_<payment_id>.
//
// Read next: operation.go for what a provider is made of, fault.go for the kinds, atmos_pay.go for the rules of a
// payment and its neighbours for those of bulks, refunds, cards, holds and the page, ledger.go for what a judge knows.
package sandbox
