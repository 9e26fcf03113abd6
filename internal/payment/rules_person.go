package payment

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxName = 100

	// A PINFL has 14 digits and a TIN 9; the samples of ATMOS ("Transaction creation (PINFL)") have 18. Which of them it
	// knows is for ATMOS to say: -303.
	minPINFL = 9
	maxPINFL = 18
)

var (
	seriesForm   = regexp.MustCompile(`^[A-Z]{2}$`)
	passportForm = regexp.MustCompile(`^[0-9]{7,9}$`)
	tinForm      = regexp.MustCompile(`^([0-9]{9}|[0-9]{14})$`) // of a company, or of a person in business
)

// checkPerson wants all of a person, each part in its form. No message repeats a value.
func (c *Command) checkPerson() *Rejection {
	if c.Person == nil {
		return nil
	}
	for _, field := range c.Person.fields() {
		path, value := "person."+field.name, field.value.Reveal()
		switch {
		case value == "":
			return c.refuse(MissingField, path, "is required")
		case strings.HasSuffix(field.name, "_name") && !isName(value):
			return c.refuse(InvalidValue, path, "must be a name of at most 100 characters")
		}
	}
	p := c.Person
	switch {
	case !p.PINFL.Digits() || p.PINFL.Len() < minPINFL || p.PINFL.Len() > maxPINFL:
		return c.refuse(InvalidValue, "person.pinfl", "must be 9 to 18 digits")
	case !seriesForm.MatchString(p.PassportSeries.Reveal()):
		return c.refuse(InvalidValue, "person.passport_series", "must be two capital letters")
	case !passportForm.MatchString(p.PassportNumber.Reveal()):
		return c.refuse(InvalidValue, "person.passport_number", "must be 7 to 9 digits")
	default:
		return nil
	}
}

// isName tells whether a value may be somebody's name: letters, with what stands between them.
func isName(value string) bool {
	letters := 0
	for _, r := range value {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsMark(r), r == ' ', r == '-', r == '\'', r == '.', r == '`', r == '‘', r == '’', r == 'ʻ', r == 'ʼ':
		default:
			return false
		}
	}
	return letters > 0 && utf8.RuneCountInString(value) <= maxName
}

// checkWithdrawal checks what goes with a person.
func (c *Command) checkWithdrawal() *Rejection {
	if utf8.RuneCountInString(c.ContractNumber) > maxText {
		return c.refuse(InvalidValue, "contract_number", "is longer than 255 characters")
	}
	if o := c.OFD; o != nil {
		switch {
		case utf8.RuneCountInString(o.OFDCode) > maxText:
			return c.refuse(InvalidValue, "ofd.ofd_code", "is longer than 255 characters")
		case utf8.RuneCountInString(o.PackageCode) > maxText:
			return c.refuse(InvalidValue, "ofd.package_code", "is longer than 255 characters")
		case o.TIN != "" && !tinForm.MatchString(o.TIN):
			return c.refuse(InvalidValue, "ofd.tin", "must be 9 or 14 digits")
		}
	}
	if e := c.Epos; e != nil {
		switch {
		case e.BranchID == "":
			return c.refuse(MissingField, "epos.branch_id", "is required with epos")
		case e.TerminalGroupID == "":
			return c.refuse(MissingField, "epos.terminal_group_id", "is required with epos")
		case utf8.RuneCountInString(e.BranchID) > maxText || utf8.RuneCountInString(e.TerminalGroupID) > maxText:
			return c.refuse(InvalidValue, "epos", "has an id that is longer than 255 characters")
		}
	}
	return nil
}
