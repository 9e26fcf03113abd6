package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tolov/client"
)

// acquiring is the provider of Visa and Mastercard cards.
const acquiring = "atmos-ips"

// customer is what acquiring wants to know of whoever pays.
type customer struct {
	CustomerIP string `name:"customer-ip" placeholder:"IP" help:"At atmos-ips: where the customer is."`
}

// acquired is what acquiring wants to be told of a payment.
type acquired struct {
	customer
	InvoiceID string `placeholder:"ID" help:"At atmos-ips: your invoice."`
}

// page is the provider's, where the customer acts.
type page struct {
	SuccessURL string    `name:"success-url" placeholder:"URL" help:"Where the page sends the customer afterwards."`
	Until      time.Time `placeholder:"TIME" help:"At atmos-ips: until when the page can be paid, RFC 3339."`
}

// hosted is the page that a command asks for, nil when it asks for none.
func (p page) hosted(wanted bool, lines []line) (*client.Hosted, error) {
	if !wanted {
		if p.SuccessURL != "" || !p.Until.IsZero() || len(lines) > 0 {
			return nil, fmt.Errorf("%w: --success-url, --until and --line are for --hosted", errUsage)
		}
		return nil, nil
	}
	h := &client.Hosted{SuccessURL: p.SuccessURL, ExpiresAt: p.Until}
	for _, l := range lines {
		h.Items = append(h.Items, client.HostedItem(l))
	}
	return h, nil
}

// line is a line of an invoice as the command line names it.
type line client.HostedItem

// UnmarshalText reads id:name:amount.
func (l *line) UnmarshalText(text []byte) error {
	id, name, amount, err := priceTag(text)
	*l = line{ItemsID: id, Name: name, Amount: amount}
	return err
}

// ofdLine is a line of a fiscal receipt as the command line names it.
type ofdLine client.OFDItem

// UnmarshalText reads name:code:amount.
func (l *ofdLine) UnmarshalText(text []byte) error {
	name, code, amount, err := priceTag(text)
	*l = ofdLine{Name: name, OFDCode: code, Amount: amount}
	return err
}

// priceTag reads two texts and an amount in tiyin, with colons between them.
func priceTag(text []byte) (one, two string, tiyin int64, err error) {
	parts := strings.Split(string(text), ":")
	if len(parts) == 3 {
		tiyin, err = strconv.ParseInt(parts[2], 10, 64)
	}
	if len(parts) != 3 || parts[0] == "" || parts[1] == "" || err != nil || tiyin <= 0 {
		return "", "", 0, errors.New("must be three parts with colons between them, the last one an amount in tiyin")
	}
	return parts[0], parts[1], tiyin, nil
}
