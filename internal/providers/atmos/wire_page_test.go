package atmos_test

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tolov/internal/payment"
)

// The draft behind the page is made like every other.
func TestPaymentPageHasTheDocumentedAddress(t *testing.T) {
	const page = "https://test-checkout.pays.uz/invoice/get?storeId=8032&transactionId=202072"
	for back, documentedAs := range map[string]string{
		"": page, "http://site.com": page + "&redirectLink=http://site.com",
		"https://site.com/a?b=c&d=e#f": page + "&redirectLink=https%3A%2F%2Fsite.com%2Fa%3Fb%3Dc%26d%3De%23f",
	} {
		t.Run("27 page "+back, func(t *testing.T) {
			g, client, _ := documented(t, "create")
			c := call("page-create")
			c.Transaction, c.Order.SuccessURL = "", back
			got := client.Do(t.Context(), c)
			g.sent("create")
			if got.Action == nil || got.Action.Type != payment.ActionRedirect {
				t.Fatalf("no page: %+v", got)
			}
			if want, url := parsed(t, documentedAs), parsed(t, got.Action.URL); !cmp.Equal(want.Query(), url.Query()) ||
				want.Scheme != url.Scheme || want.Host != url.Host || want.Path != url.Path || url.Fragment != "" {
				t.Errorf("page %s, want %s", url, want)
			}
			want := payExchanges()["4 create"].answer
			want.Action = got.Action
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("read otherwise (-want +got):\n%s", diff)
			}
		})
	}
}

func parsed(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
