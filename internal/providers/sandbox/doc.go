// Package sandbox plays the payment providers: the other end of the wire, for tests, campaigns and the demo.
//
// It is a judge. It keeps its own ledger of what was really debited, shares no code with the programs that call it,
// and can be told to misbehave in every way a provider has been seen to. It will not help its caller: no hints in
// answers, no leniency about tokens, codes or stores.
//
// # Where things are
//
//	/atmos/...                          the ATMOS API: a client's base URL is http://host/atmos
//	GET    /sandbox/ledger              debits, number of transactions, calls per operation
//	GET    /sandbox/transactions/{id}   one transaction as the sandbox sees it
//	POST   /sandbox/faults              script a Fault
//	DELETE /sandbox/faults              forget the scripted faults
//
// # Faults
//
// A Fault names an operation ("apply", "atmos.apply", or "*" for every one, tokens included) and a kind. "Done" means
// that the operation took effect. DelayMS is 1000 when it is not given. Swarm uses a kind only on the classes listed:
// (d)raft, (m)oney, (r)ead, (a)uth; Script takes every kind anywhere. On a read, done and not done are the same.
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
//	anything else      works; the code is 111111, without an SMS
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
//   - Refusals carry the result object alone. Unreadable JSON is HTTP 400, a bad bearer token HTTP 401.
//   - A refresh with a dead refresh_token is a plain request for a new token.
//
// Read next: operation.go for what a provider is made of, fault.go for the kinds, atmos_pay.go for the rules.
package sandbox
