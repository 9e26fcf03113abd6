package payment

import (
	"net/netip"
	"strconv"
	"time"
	"unicode/utf8"
)

// checkCustomerIP wants an address as such, without a zone.
func (c *Command) checkCustomerIP() *Rejection {
	if c.CustomerIP == "" {
		return nil
	}
	if ip, err := netip.ParseAddr(c.CustomerIP); err != nil || ip.Zone() != "" {
		return c.refuse(InvalidValue, "customer_ip", "must be an IPv4 or IPv6 address")
	}
	return nil
}

// checkHosted keeps to what the provider's page wants to be told.
func (s Shape) checkHosted(c *Command, now time.Time) *Rejection {
	h := c.Hosted
	switch {
	case h == nil:
		return nil
	case s.Hosted != HostedPage && h.SuccessURL == "":
		return c.refuse(MissingField, "hosted.success_url", "is required")
	case s.Hosted != HostedInvoice && len(h.Items) > 0:
		return c.refuse(UnknownField, "hosted.items", "is not taken here")
	case s.Hosted != HostedInvoice && !h.ExpiresAt.IsZero():
		return c.refuse(UnknownField, "hosted.expires_at", "is not taken here")
	case s.Hosted != HostedInvoice:
		return nil
	case len(h.Items) == 0:
		return c.refuse(MissingField, "hosted.items", "is required")
	case len(h.Items) > maxItems:
		return c.refuse(InvalidValue, "hosted.items", "has more than 100 items")
	case !h.ExpiresAt.IsZero() && !now.Before(h.ExpiresAt.Time):
		return c.refuse(InvalidValue, "hosted.expires_at", "is past")
	case h.ExpiresAt.After(now.Add(maxExpiresInS * time.Second)):
		return c.refuse(InvalidValue, "hosted.expires_at", "must be within 90 days")
	}
	for i, item := range h.Items {
		if r := c.checkHostedItem("hosted.items."+strconv.Itoa(i), item); r != nil {
			return r
		}
	}
	return nil
}

// checkHostedItem wants a line of an invoice to be whole. The lines need not add up: the document does not say how
// amount and quantity of one go together.
func (c *Command) checkHostedItem(path string, item HostedItem) *Rejection {
	switch {
	case item.ItemsID == "":
		return c.refuse(MissingField, path+".items_id", "is required")
	case item.Name == "":
		return c.refuse(MissingField, path+".name", "is required")
	case item.Amount == nil:
		return c.refuse(MissingField, path+".amount", "is required")
	case item.Quantity != nil && *item.Quantity <= 0:
		return c.refuse(InvalidValue, path+".quantity", "must be more than 0")
	}
	texts := []string{item.ItemsID, item.Name}
	if item.Details != nil {
		texts = append(texts, item.Details.Name, item.Details.Values)
	}
	for _, text := range texts {
		if utf8.RuneCountInString(text) > maxText {
			return c.refuse(InvalidValue, path, "has a text that is longer than 255 characters")
		}
	}
	return c.amountRule(path+".amount", *item.Amount)
}
