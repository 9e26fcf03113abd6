package atmospinfl_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tolov/internal/payment"
	"tolov/internal/providers/atmospinfl"
	"tolov/internal/providers/providertest"
	"tolov/internal/providers/rest"
	"tolov/internal/saga"
)

const documentedPINFL = "123456789123456789"

// desk plays ATMOS from reply bodies by path, and keeps what it was asked.
type desk struct {
	t       *testing.T
	mu      sync.Mutex
	asked   []providertest.Request
	replies map[string]string
	status  int
}

func (g *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	if r.URL.Path == "/token" {
		_, _ = io.WriteString(w, fixture(g.t, "token.reply"))
		return
	}
	got := providertest.ReadRequest(g.t, r)
	g.asked = append(g.asked, got)
	if g.status != 0 {
		w.WriteHeader(g.status)
	}
	_, _ = io.WriteString(w, g.replies[r.URL.Path])
}

// paths are those that were asked, in order.
func (g *desk) paths() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	var paths []string
	for _, r := range g.asked {
		paths = append(paths, strings.TrimPrefix(r.Path, "/ppa/"))
	}
	return strings.Join(paths, " ")
}

// sent insists on the nth request.
func (g *desk) sent(n int, operation string) {
	g.t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	var want providertest.Request
	if err := json.Unmarshal([]byte(fixture(g.t, operation+".request")), &want); err != nil {
		g.t.Fatal(err)
	}
	if n >= len(g.asked) {
		g.t.Fatalf("%s was not asked: %v", operation, g.asked)
	}
	if diff := cmp.Diff(want, g.asked[n]); diff != "" {
		g.t.Errorf("%s is sent otherwise (-want +got):\n%s", operation, diff)
	}
}

func fixture(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// documented is a merchant before a gateway that answers as told.
func documented(t *testing.T, replies map[string]string) (*desk, *atmospinfl.Client) {
	t.Helper()
	g := &desk{t: t, replies: replies}
	http := rest.New(1, providertest.Serve(t, g))
	t.Cleanup(http.Close)
	return g, client(t, "http://atmos/", http, time.Now)
}

// call is one step of the documentation's withdrawal.
func call(t *testing.T, step string) saga.Call {
	t.Helper()
	sealed, err := keys(t).SealPerson(person(documentedPINFL), "12345789")
	if err != nil {
		t.Fatal(err)
	}
	c := saga.Call{
		Step: step, Payment: &payment.Payment{ID: "12345789", Amount: amount}, Amount: amount,
		Order: payment.Order{
			Person: sealed, ContractNumber: contract, Partial: true,
			OFD:  &payment.OFD{OFDCode: "ofd_code_exm", PackageCode: "123456", TIN: "100100100"},
			Epos: &payment.Epos{BranchID: "branch_id", TerminalGroupID: "terminal_group_id"},
		},
	}
	if step != "create" {
		c.Transaction = "12345678"
	}
	return c
}

// The answers that the documented replies stand for.
func answers() map[string]payment.Answer {
	done := payment.Answer{Outcome: payment.Done, Code: "200", HTTPStatus: 200}
	created := done
	created.Transaction, created.Amount, created.Amounted = "12345678", amount, true
	created.Refs = map[string]string{"transaction_id": "12345678"}
	taken := done
	taken.Transaction, taken.Amount, taken.Amounted = "12345678", 100, true
	taken.Parts = []payment.Part{{
		Card: "860066******5544", Amount: 100, Refs: map[string]string{"upper_commission": "1"},
	}}
	taken.Receipts = []payment.Receipt{{Kind: "sale", URL: "www.ofd_url_example.uz"}}
	dropped := done
	dropped.Note = "no draft is left"
	return map[string]payment.Answer{"create": created, "confirm": taken, "check": taken, "cancel": dropped}
}

func TestEveryTransactionCallSpeaksTheDocumentedWire(t *testing.T) {
	for row, step := range map[int]string{28: "create", 29: "confirm", 30: "check", 31: "cancel"} {
		t.Run(fmt.Sprint(row, " ", step), func(t *testing.T) {
			g, client := documented(t, map[string]string{"/ppa/transaction/" + step: fixture(t, step+".reply")})
			got := client.Do(t.Context(), call(t, step))
			g.sent(0, step)
			if diff := cmp.Diff(answers()[step], got); diff != "" {
				t.Errorf("read otherwise (-want +got):\n%s", diff)
			}
		})
	}
}

// Operations 32 and 33: the cards are asked for, waited for, and the same transaction is created again.
func TestUnknownCardsAreLookedForThenTheSameIdIsCreatedAgain(t *testing.T) {
	const create, check = "/ppa/transaction/create", "/ppa/cards/check/12345789.cards"
	g, client := documented(t, map[string]string{create: fixture(t, "no-cards.reply")})
	c := call(t, "create")
	c.Order.Epos = &payment.Epos{BranchID: "546", TerminalGroupID: "266"}
	a := client.Do(t.Context(), c)
	if a.Outcome != payment.Pending || len(a.Keep) != 1 || a.RetryAfter <= 0 {
		t.Errorf("32 update-cards-list: %+v", a)
	}
	g.sent(1, "update-cards-list")
	c.Walk.Kept = a.Keep
	g.replies[check] = strings.Replace(fixture(t, "cards-check.reply"), "SUCCESSFUL", "IN_PROGRESS", 1)
	if a = client.Do(t.Context(), c); a.Outcome != payment.Pending {
		t.Errorf("33 cards/check, not yet: %+v", a)
	}
	g.sent(2, "cards-check")
	g.replies[check], g.replies[create] = fixture(t, "cards-check.reply"), fixture(t, "create.reply")
	if diff := cmp.Diff(answers()["create"], client.Do(t.Context(), c)); diff != "" {
		t.Errorf("28 create, again (-want +got):\n%s", diff)
	}
	const path = "transaction/create cards/update-cards-list cards/check/12345789.cards cards/check/12345789.cards " +
		"transaction/create"
	if g.paths() != path {
		t.Errorf("asked for %s", g.paths())
	}
}

// A person of whom no cards are found in the end has none: the draft is refused, not tried for ever.
func TestNoCardsAfterTheUpdateIsARefusal(t *testing.T) {
	g, client := documented(t, map[string]string{
		"/ppa/transaction/create":         fixture(t, "no-cards.reply"),
		"/ppa/cards/check/12345789.cards": fixture(t, "cards-check.reply"),
	})
	c := call(t, "create")
	c.Walk.Kept = map[string]string{"cards_ext_id": "12345789.cards"}
	a := client.Do(t.Context(), c)
	if a.Outcome != payment.Declined || a.Failure.Code != "cards_not_found" || strings.Contains(a.Note, documentedPINFL) {
		t.Errorf("28 create after 33: %+v", a)
	}
	if g.paths() != "cards/check/12345789.cards transaction/create" {
		t.Errorf("asked for %s", g.paths())
	}
}
