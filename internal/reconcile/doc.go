// Package reconcile compares our records with the providers' books, both ways: the last line of defence against what no
// journal can know (H29, H58).
//
// A provider's books are a statement of a period, or, where it has none, its answer about one payment at a time. Every
// payment of the period is handed what the books say of it, and saga.Next decides what that means: a discrepancy is an
// event of the payment like every other, recorded by compare-and-swap, open until both sides agree. A line that no
// payment of ours is found for is recorded too, under an id of its own (saga.Stranger).
//
// The package writes nothing and decides nothing. To compare twice, or in two places at once, changes nothing.
//
// Read next: reconcile.go, then statement.go, match.go and singly.go.
package reconcile
