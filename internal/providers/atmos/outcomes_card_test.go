package atmos_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

// linkedAs is a card as ATMOS tells of it, each member as JSON.
func linkedAs(id, token, pan string) string {
	return fmt.Sprintf(`{"card_id":%s,"card_token":%s,"pan":%q,"expiry":"2912","card_holder":"TEST"}`, id, token, pan)
}

func quoted(s string) string { return fmt.Sprintf("%q", s) }

// page is one page of the list of cards.
func page(cards ...string) said {
	return says("OK", `"cardDataSmallList":[`+strings.Join(cards, ",")+"]")
}

// endless is a list with another card on every page that anybody would ask for.
func endless() (pages []said) {
	for id := range 100 {
		pages = append(pages, page(linkedAs(fmt.Sprint(1000+id), quoted("tok-of-a-stranger"), "860049******4364")))
	}
	return pages
}

// ours looks like the card that is being linked, and so does the other. The strangers share only one end with it.
func ours() string { return shown(cardMasked) }

func shown(pan string) string { return linkedAs(cardID, quoted(cardToken), pan) }

func lookAlike() string { return linkedAs("7", quoted("tok-of-another"), cardMasked) }

func strangers() string {
	return linkedAs("8", quoted("tok-of-a-stranger"), "860049******4364") + "," +
		linkedAs("9", quoted("tok-of-another-stranger"), "986009******3347")
}

// H10, H11: a card is linked when the answer has its id and its token.
func TestCardIsLinkedOnlyWithIDAndToken(t *testing.T) {
	for name, row := range map[string]row{
		"OK":             {says("OK", `"data":`+ours()), payment.Done, ""},
		"drifted id":     {says("OK", `"data":`+linkedAs(quoted(cardID), quoted(cardToken), cardMasked)), payment.Done, ""},
		"no token":       {says("OK", `"data":{"card_id":1579076}`), payment.Unknown, ""},
		"token null":     {says("OK", `"data":`+linkedAs(cardID, "null", cardMasked)), payment.Unknown, ""},
		"token empty":    {says("OK", `"data":`+linkedAs(cardID, `""`, cardMasked)), payment.Unknown, ""},
		"no id":          {says("OK", `"data":`+linkedAs("null", quoted(cardToken), cardMasked)), payment.Unknown, ""},
		"OK alone":       {says("OK"), payment.Unknown, ""},
		"wrong code":     {says("STPIMS-ERR-098"), payment.Declined, "wrong_code"},
		"card exists":    {says("STPIMS-ERR-097"), payment.Unknown, ""},
		"card blocked":   {says("STPIMS-ERR-058"), payment.Declined, "card_blocked"},
		"in process":     {says("INFO-202"), payment.Pending, ""},
		"internal error": {says("STPIMS-ERR-001"), payment.Unknown, ""},
		"unknown code":   {says("STPIMS-ERR-999", `"data":`+ours()), payment.Unknown, ""},
	} {
		a := reads(t, linkCall("bind-confirm"), row.reply)
		row.check(t, "17 bind-confirm, "+name, a)
		if a.Wrong != (name == "wrong code") || (a.Card != nil) != (a.Outcome == payment.Done) {
			t.Errorf("17 bind-confirm, %s: %+v", name, a)
		}
	}
}

// What is told of a card is what we knew of its number, even when ATMOS tells more.
func TestLinkedCardIsToldMasked(t *testing.T) {
	long := strings.Repeat("x", 256)
	for holder, want := range map[string]string{"TEST": "TEST", long: ""} {
		body := strings.ReplaceAll(linkedAs(cardID, quoted(cardToken), cardNumber), "TEST", holder)
		a := reads(t, linkCall("bind-confirm"), says("OK", `"data":`+body))
		card := &payment.Card{ID: cardID, Token: cardToken, Masked: cardMasked, Holder: want}
		if diff := cmp.Diff(card, a.Card); diff != "" {
			t.Errorf("17 bind-confirm (-want +got):\n%s", diff)
		}
	}
}

// after is the question what became of a link that went out once, when these cards were there before.
func after(before string) saga.Call {
	c := about(linkCall("list-cards"), "bind-confirm")
	c.Walk.Sends, c.Walk.Kept = 1, map[string]string{"cards_before": before}
	return c
}

// H5, H11: of a link whose answer was lost the list tells, when exactly one card is new. Never a guess: the token could
// be that of somebody else's card.
func TestLostLinkIsFoundInTheListOfCards(t *testing.T) {
	refusedPage, brokenPage := says("STPIMS-ERR-037"), said{status: http.StatusBadGateway}
	for name, row := range map[string]struct {
		before  string
		pages   []said
		outcome payment.Outcome
	}{
		"on the first page":          {"", []said{page(strangers(), ours()), page()}, payment.Done},
		"on the second page":         {"", []said{page(strangers()), page(ours()), page()}, payment.Done},
		"drifted id":                 {"7", []said{page(linkedAs(`"7"`, `"x"`, cardMasked), ours()), page()}, payment.Done},
		"one was there before":       {"7", []said{page(lookAlike(), ours()), page()}, payment.Done},
		"two were there before":      {"7,9", []said{page(lookAlike()), page(ours()), page()}, payment.Done},
		"no cards":                   {"", []said{page()}, payment.Absent},
		"none that looks like it":    {"", []said{page(strangers()), page()}, payment.Absent},
		"none new":                   {"7", []said{page(lookAlike(), strangers()), page()}, payment.Absent},
		"none new, ours of before":   {"7," + cardID, []said{page(lookAlike(), ours()), page()}, payment.Absent},
		"two new":                    {"", []said{page(lookAlike(), ours()), page()}, payment.Unknown},
		"two new on two pages":       {"", []said{page(lookAlike()), page(ours()), page()}, payment.Unknown},
		"too many to note before":    {"too many to list", []said{page(ours()), page()}, payment.Unknown},
		"no token":                   {"", []said{page(linkedAs(cardID, "null", cardMasked)), page()}, payment.Unknown},
		"the first page fails":       {"", []said{brokenPage}, payment.Unknown},
		"the second page fails":      {"", []said{page(ours()), brokenPage}, payment.Unknown},
		"the last page fails":        {"", []said{page(strangers()), page(ours()), brokenPage}, payment.Unknown},
		"the first page is refused":  {"", []said{refusedPage}, payment.Unknown},
		"the second page is refused": {"", []said{page(ours()), refusedPage}, payment.Unknown},
		"a page of a code unknown":   {"", []said{page(ours()), says("STPIMS-ERR-999")}, payment.Unknown},
		"pages without an end":       {"", endless(), payment.Unknown},
		"the first page again":       {"", []said{page(ours()), page(ours())}, payment.Done},
		"a page that cannot be read": {"", []said{page(ours()), says("OK", `"cardDataSmallList":{}`)}, payment.Unknown},
		"a number shown in full":     {"", []said{page(shown(cardNumber)), page()}, payment.Done},
		"a number too short":         {"", []said{page(shown("4364")), page()}, payment.Absent},
	} {
		a := reads(t, after(row.before), row.pages...)
		rowOf(said{}, row.outcome, "").check(t, "18 list-cards, "+name, a)
		if found := a.Card != nil; found != (a.Outcome == payment.Done) ||
			found && (a.Card.ID != cardID || a.Card.Token != cardToken || a.Card.Masked != cardMasked) {
			t.Errorf("18 list-cards, %s: %+v", name, a.Card)
		}
	}
}

// A card that is new before we confirmed anything was linked by somebody else.
func TestCardThatIsNewBeforeOurLinkIsNotOurs(t *testing.T) {
	c := after("")
	c.Walk.Sends = 0
	if a := reads(t, c, page(ours()), page()); a.Outcome != payment.Absent || a.Card != nil {
		t.Errorf("18 list-cards: %+v", a)
	}
}

// Before a card is linked, the cards that look like it are noted from all pages.
func TestCardsThatLookLikeOursAreNotedBeforeALink(t *testing.T) {
	for name, try := range map[string]struct {
		pages   []said
		outcome payment.Outcome
		noted   string
	}{
		"none":          {[]said{page(strangers()), page()}, payment.Done, ""},
		"two, on pages": {[]said{page(lookAlike(), strangers()), page(ours()), page()}, payment.Done, "7," + cardID},
		"without end":   {endless(), payment.Done, "too many to list"},
		"again":         {[]said{page(ours()), page(ours())}, payment.Done, cardID},
	} {
		a := reads(t, linkCall("list-cards"), try.pages...)
		if noted, ok := a.Keep["cards_before"]; a.Outcome != try.outcome || !ok || noted != try.noted {
			t.Errorf("18 list-cards, %s: %+v", name, a)
		}
	}
	for name, row := range map[string]row{
		"broken":  {said{status: http.StatusBadGateway}, payment.Unknown, ""},
		"refused": {says("STPIMS-ERR-037"), payment.Declined, "merchant_not_configured"},
	} {
		a := reads(t, linkCall("list-cards"), page(ours()), row.reply)
		row.check(t, "18 list-cards, second page "+name, a)
		if a.Keep != nil {
			t.Errorf("18 list-cards, second page %s: half of the list is noted: %+v", name, a)
		}
	}
}

// The list has the token that a removal wants. When it cannot be read, the removal did not leave.
func TestCardIsRemovedByWhatTheListTells(t *testing.T) {
	listed := []said{page(strangers()), page(ours()), page()}
	gone := says("OK", `"data":{"card_id":1579076,"card_token":null}`)
	for name, row := range map[string]struct {
		replies []said
		outcome payment.Outcome
		reason  string
	}{
		"in the list":                {append(listed[:3:3], gone), payment.Done, ""},
		"not in the list":            {[]said{page(strangers(), lookAlike()), page()}, payment.Done, ""},
		"the list is empty":          {[]said{page()}, payment.Done, ""},
		"the list fails":             {[]said{page(ours()), {status: http.StatusBadGateway}}, payment.NotSent, ""},
		"the list is refused":        {[]said{says("STPIMS-ERR-037")}, payment.NotSent, ""},
		"the list comes whole again": {[]said{page(ours(), strangers()), page(ours(), strangers()), gone}, payment.Done, ""},
		"the list has no end":        {endless(), payment.NotSent, ""},
		"refused":                    {append(listed[:3:3], says("STPIMS-ERR-006")), payment.Declined, "invalid_request"},
		"in the list, HTML":          {append(listed[:3:3], said{kind: "text/html"}), payment.Unknown, ""},
		"in the list, server error":  {append(listed[:3:3], said{status: 500, body: gone.body}), payment.Unknown, ""},
		"in the list, unknown code":  {append(listed[:3:3], says("STPIMS-ERR-999")), payment.Unknown, ""},
		"in the list, 001":           {append(listed[:3:3], says("STPIMS-ERR-001")), payment.Unknown, ""},
		"in the list, not found 061": {append(listed[:3:3], says("STPIMS-ERR-061")), payment.Unknown, ""},
	} {
		a := reads(t, removeCall(), row.replies...)
		rowOf(said{}, row.outcome, row.reason).check(t, "19 remove-card, "+name, a)
	}
}

// H5: a card that is in no page of the list is removed.
func TestLostRemovalIsToldByTheListOfCards(t *testing.T) {
	for name, row := range map[string]struct {
		pages   []said
		outcome payment.Outcome
	}{
		"still there":            {[]said{page(strangers()), page(ours()), page()}, payment.Absent},
		"gone":                   {[]said{page(strangers(), lookAlike()), page()}, payment.Done},
		"gone, the last":         {[]said{page()}, payment.Done},
		"the list fails":         {[]said{page(strangers()), {status: http.StatusBadGateway}}, payment.Unknown},
		"the list is refused":    {[]said{page(strangers()), says("STPIMS-ERR-037")}, payment.Unknown},
		"the list is in process": {[]said{says("INFO-202")}, payment.Unknown},
		"gone, the list again":   {[]said{page(strangers()), page(strangers())}, payment.Done},
		"there, the list again":  {[]said{page(ours()), page(ours())}, payment.Absent},
		"the list has no end":    {endless(), payment.Unknown},
	} {
		c := removeCall()
		c.Step = "list-cards"
		rowOf(said{}, row.outcome, "").check(t, "18 list-cards, "+name, reads(t, about(c, "remove-card"), row.pages...))
	}
}

// I8: of the customer's phone the country, the operator and the end are shown.
func TestPhoneIsToldMasked(t *testing.T) {
	c := linkCall("bind-init")
	c.Card = byNumber()
	for phone, want := range map[string]string{
		`"998900222222"`: "99890*****22", "998900222222": "99890*****22", `"+998900222222"`: "+9989******22",
		`""`: "", "null": "", `"9989"`: "", `"1234567"`: "",
	} {
		a := reads(t, c, says("OK", `"transaction_id":442,"phone":`+phone))
		if a.Outcome != payment.Done || a.Action == nil || a.Action.Phone != want {
			t.Errorf("16 bind-init, %s: %+v", phone, a)
		}
	}
	if a := reads(t, c, says("OK", `"phone":"998900222222"`)); a.Outcome != payment.Unknown {
		t.Errorf("16 bind-init without a transaction: %+v", a)
	}
}
