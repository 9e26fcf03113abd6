package payment

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Sender is the person who sends a payout. The names are personal data: they go into the provider's request and
// nowhere else.
type Sender struct {
	LastName   Secret `json:"last_name,omitzero"`
	FirstName  Secret `json:"first_name,omitzero"`
	MiddleName Secret `json:"middle_name,omitzero"` // if there is one
}

// Document is the sender's identity document, in the shape of PaySys ("Payouts preparation", doc). It is personal data,
// as Sender is.
type Document struct {
	Nationality  Secret `json:"nationality,omitzero"` // ISO 3166-1, three digits
	Type         Secret `json:"type,omitzero"`        // passport
	SeriesNumber Secret `json:"seriesNumber,omitzero"`
	BirthDate    Secret `json:"birthDate,omitzero"` // dd.mm.yyyy
	ValidTo      Secret `json:"validTo,omitzero"`   // dd.mm.yyyy
	PINFL        Secret `json:"mrz,omitzero"`       // 14 digits, if there is one
}

const (
	documentDate = "02.01.2006"
	passport     = "passport"
	pinflDigits  = 14
)

// part is a field of a person's data, for the rules that all of them keep.
type part struct {
	field    string
	value    Secret
	optional bool
}

func (s *Sender) parts() []part {
	return []part{
		{field: "sender.last_name", value: s.LastName}, {field: "sender.first_name", value: s.FirstName},
		{field: "sender.middle_name", value: s.MiddleName, optional: true},
	}
}

func (d *Document) parts() []part {
	return []part{
		{field: "document.nationality", value: d.Nationality}, {field: "document.type", value: d.Type},
		{field: "document.seriesNumber", value: d.SeriesNumber}, {field: "document.birthDate", value: d.BirthDate},
		{field: "document.validTo", value: d.ValidTo}, {field: "document.mrz", value: d.PINFL, optional: true},
	}
}

// payoutParts are the personal data of a payout, none when the command has none.
func (c *Command) payoutParts() []part {
	var parts []part
	if c.Sender != nil {
		parts = append(parts, c.Sender.parts()...)
	}
	if c.Document != nil {
		parts = append(parts, c.Document.parts()...)
	}
	return parts
}

// checkPayout looks at the persons of a payout.
func (c *Command) checkPayout() *Rejection {
	for _, p := range c.payoutParts() {
		text := p.value.Reveal()
		switch {
		case p.value.IsZero() && p.optional:
		case p.value.IsZero():
			return c.refuse(MissingField, p.field, "is required")
		case strings.HasSuffix(p.field, "_name") && !isName(text):
			return c.refuse(InvalidValue, p.field, "must be a name of at most 100 characters")
		case utf8.RuneCountInString(text) > maxText:
			return c.refuse(InvalidValue, p.field, "is longer than "+strconv.Itoa(maxText)+" characters")
		}
	}
	if c.Document == nil {
		return nil
	}
	return c.checkDocument(c.Document)
}

func (c *Command) checkDocument(d *Document) *Rejection {
	switch {
	case !d.Nationality.Digits() || d.Nationality.Len() != 3:
		return c.refuse(InvalidValue, "document.nationality", "must be a country's three digits of ISO 3166-1")
	case d.Type.Reveal() != passport:
		return c.refuse(InvalidValue, "document.type", "must be "+passport)
	case !isDate(d.BirthDate):
		return c.refuse(InvalidValue, "document.birthDate", "must be a date dd.mm.yyyy")
	case !isDate(d.ValidTo):
		return c.refuse(InvalidValue, "document.validTo", "must be a date dd.mm.yyyy")
	case !d.PINFL.IsZero() && (!d.PINFL.Digits() || d.PINFL.Len() != pinflDigits):
		return c.refuse(InvalidValue, "document.mrz", "must be 14 digits")
	default:
		return nil
	}
}

func isDate(s Secret) bool {
	_, err := time.Parse(documentDate, s.Reveal())
	return err == nil
}

// checkBounds keeps to what the provider takes: the smallest amount, and the document from a certain amount only.
func (s Shape) checkBounds(c *Command) *Rejection {
	if c.Amount == nil {
		return nil
	}
	from := strconv.FormatInt(int64(s.DocumentFrom), 10) + " tiyin"
	switch amount := *c.Amount; {
	case amount < s.AmountFrom:
		return c.refuse(InvalidValue, "amount", "must be at least "+strconv.FormatInt(int64(s.AmountFrom), 10)+" tiyin")
	case s.DocumentFrom > 0 && amount >= s.DocumentFrom && c.Document == nil:
		return c.refuse(MissingField, "document", "is required from "+from)
	case s.DocumentFrom > 0 && amount < s.DocumentFrom && c.Document != nil:
		return c.refuse(InvalidValue, "document", "must be absent below "+from)
	default:
		return nil
	}
}
