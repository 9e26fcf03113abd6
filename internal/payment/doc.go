// Package payment holds the nouns of Tolov: Payment, Money, Status, Command, Answer, Failure, Secret.
//
// It imports nothing of ours, talks to nobody and decides nothing. Every other room speaks in these words.
// It will not hold flows (see saga), wire subjects (see events) or provider codes (see providers).
//
// Read next: saga, which moves a Payment from one Status to the next.
package payment
