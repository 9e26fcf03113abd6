package payment

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Person is whose cards are debited by a withdrawal (ATMOS, "Transaction creation (PINFL)"). All of it is personal
// data: it prints as ***, and a record keeps it sealed.
type Person struct {
	FirstName      Secret `json:"first_name,omitzero"`
	LastName       Secret `json:"last_name,omitzero"`
	MiddleName     Secret `json:"middle_name,omitzero"`
	PINFL          Secret `json:"pinfl,omitzero"`           // 9 to 18 digits
	PassportSeries Secret `json:"passport_series,omitzero"` // two capital letters
	PassportNumber Secret `json:"passport_number,omitzero"` // 7 to 9 digits
}

// OFD is what a withdrawal's fiscal receipt says (ATMOS, "Transaction creation (PINFL)", ofd_items; ids as text).
type OFD struct {
	OFDCode     string `json:"ofd_code,omitzero"`
	PackageCode string `json:"package_code,omitzero"` // marking code
	TIN         string `json:"tin,omitzero"`          // 9 or 14 digits
}

// Epos is the merchant's branch from which a withdrawal is made (same section; ids as text).
type Epos struct {
	BranchID        string `json:"branch_id,omitzero"`
	TerminalGroupID string `json:"terminal_group_id,omitzero"`
}

// personField is one value of a person under its name in commands.
type personField struct {
	name  string
	value *Secret
}

func (p *Person) fields() []personField {
	return []personField{
		{"first_name", &p.FirstName}, {"last_name", &p.LastName}, {"middle_name", &p.MiddleName}, {"pinfl", &p.PINFL},
		{"passport_series", &p.PassportSeries}, {"passport_number", &p.PassportNumber},
	}
}

// ErrNoKey says that nothing can be sealed to the worker itself: it was given no key of its own.
var ErrNoKey = errors.New("this worker has no key to keep personal data with: set KEYS_FILE")

// SealPerson closes a person's data to the worker's own newest key, or to one that its workers share, for one payment
// only. The result may stand in a record: Order.Person.
func (r Keyring) SealPerson(p *Person, paymentID string) (string, error) {
	clear := map[string]string{}
	for _, field := range p.fields() {
		clear[field.name] = field.value.Reveal()
	}
	data, err := json.Marshal(clear)
	if err != nil {
		return "", errors.New("the person cannot be written")
	}
	keeper := r.keeper()
	if keeper == nil {
		return "", ErrNoKey
	}
	return Seal(keeper.ID, keeper.keeper().PublicKey().Bytes(), personOf(paymentID), data)
}

// keeper is the newest key of the worker's own, or without one the first of those that all its workers share.
func (r Keyring) keeper() *Key {
	var shared *Key
	for i := range r {
		switch {
		case r[i].private != nil:
			return &r[i]
		case shared == nil && !r[i].shared.IsZero():
			shared = &r[i]
		}
	}
	return shared
}

// OpenPerson opens what SealPerson closed, as long as the key of that day is still on the ring.
func (r Keyring) OpenPerson(sealed, paymentID string) (*Person, error) {
	data, err := r.open(NewSecret(sealed), personOf(paymentID), Key.keeper)
	if err != nil {
		return nil, fmt.Errorf("the sealed person %w", err)
	}
	clear := map[string]string{}
	if err := json.Unmarshal(data, &clear); err != nil {
		return nil, errors.New("the sealed person cannot be read")
	}
	p := &Person{}
	for _, field := range p.fields() {
		*field.value = NewSecret(clear[field.name])
	}
	return p, nil
}

// personOf sets a sealed person apart from a sealed card: neither opens as the other.
func personOf(paymentID string) string { return paymentID + "/person" }
