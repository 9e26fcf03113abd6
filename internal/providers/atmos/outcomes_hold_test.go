package atmos_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tolov/internal/payment"
	"tolov/internal/saga"
)

// frozen is what an apply tells of a hold, and more than it should. Till is JSON, or left out.
func frozen(id, till string) string {
	members := fmt.Sprintf(`"card_token":%q,"card_pan":%q`, cardToken, cardNumber)
	if id != "" {
		members += `,"hold_id":` + id
	}
	if till != "" {
		members += `,"hold_till":` + till
	}
	return members
}

const till = `"2022-06-30T14:55:19.597"`

// H10, H11: funds are frozen when the apply of our hold says so. Until when, it may leave open.
func TestHoldApplyIsDoneOnlyForOurHold(t *testing.T) {
	whole := time.Date(2022, 6, 30, 14, 55, 19, 0, time.UTC)
	for name, row := range map[string]struct {
		row
		until time.Time
	}{
		"with a fraction":      {row{says("OK", frozen("1173", till)), payment.Done, ""}, whole.Add(597 * time.Millisecond)},
		"without a fraction":   {row{says("OK", frozen("1173", `"2022-06-30T14:55:19"`)), payment.Done, ""}, whole},
		"drifted type":         {row{says("OK", frozen(`"1173"`, `"2022-06-30T14:55:19"`)), payment.Done, ""}, whole},
		"time unreadable":      {row{says("OK", frozen("1173", `"30.06.2022 14:55"`)), payment.Done, ""}, time.Time{}},
		"time empty":           {row{says("OK", frozen("1173", `""`)), payment.Done, ""}, time.Time{}},
		"time null":            {row{says("OK", frozen("1173", "null")), payment.Done, ""}, time.Time{}},
		"no time":              {row{says("OK", frozen("1173", "")), payment.Done, ""}, time.Time{}},
		"time a number":        {row{says("OK", frozen("1173", "1656600919597")), payment.Unknown, ""}, time.Time{}},
		"another hold":         {row{says("OK", frozen("1174", till)), payment.Unknown, ""}, time.Time{}},
		"not confirmed":        {row{says("STPIMS-ERR-142"), payment.Unknown, ""}, time.Time{}},
		"expired":              {row{says("STPIMS-ERR-144"), payment.Declined, "hold_expired"}, time.Time{}},
		"cancelled":            {row{says("STPIMS-ERR-145"), payment.Declined, "hold_cancelled"}, time.Time{}},
		"another is expired":   {row{says("STPIMS-ERR-144", frozen("1174", "")), payment.Unknown, ""}, time.Time{}},
		"another is cancelled": {row{says("STPIMS-ERR-145", frozen("1174", "")), payment.Unknown, ""}, time.Time{}},
		"wrong code":           {row{says("STPIMS-ERR-098"), payment.Declined, "wrong_code"}, time.Time{}},
		"no money":             {row{says("STPIMS-ERR-057"), payment.Declined, "insufficient_funds"}, time.Time{}},
		"in process":           {row{says("INFO-202"), payment.Pending, ""}, time.Time{}},
		"closed":               {row{says("STPIMS-ERR-092"), payment.Unknown, ""}, time.Time{}},
		"internal error":       {row{says("STPIMS-ERR-001"), payment.Unknown, ""}, time.Time{}},
		"unknown code":         {row{says("STPIMS-ERR-999", frozen("1173", till)), payment.Unknown, ""}, time.Time{}},
	} {
		a := reads(t, holdCall("hold-apply"), row.reply)
		row.check(t, "21 hold-apply, "+name, a)
		if !a.HeldUntil.Equal(row.until) || a.Wrong != (name == "wrong code") {
			t.Errorf("21 hold-apply, %s: until %s, wrong is %v", name, a.HeldUntil, a.Wrong)
		}
	}
}

// items are those of a multiple apply: the id, the code and the time of each.
func items(each ...[3]string) string {
	var all []string
	for _, one := range each {
		all = append(all, fmt.Sprintf(`{"result":{"code":%q},%s}`, one[1], frozen(one[0], one[2])))
	}
	return `"parent_id":260,"items":[` + strings.Join(all, ",") + "]"
}

// H10, H11: items that are not told of alike are asked about.
func TestMultipleHoldApplyIsDoneOnlyWhenEveryItemIs(t *testing.T) {
	const sooner, later = `"2022-06-30T14:00:00"`, `"2022-06-30T15:00:00.5"`
	one, two := [3]string{"1541", "OK", later}, [3]string{"1542", "OK", sooner}
	no, noTwo := [3]string{"1541", "STPIMS-ERR-057", "null"}, [3]string{"1542", "STPIMS-ERR-057", "null"}
	strange, open := [3]string{"1542", "STPIMS-ERR-999", sooner}, [3]string{"1542", "STPIMS-ERR-142", "null"}
	bare := `"items":[{"result":null,"hold_id":1541},{"result":null,"hold_id":1542}]`
	for name, row := range map[string]row{
		"all":                      {says("OK", items(one, two)), payment.Done, ""},
		"in another order":         {says("OK", items(two, one)), payment.Done, ""},
		"drifted types":            {says("OK", items([3]string{`"1541"`, "OK", later}, two)), payment.Done, ""},
		"a time is unreadable":     {says("OK", items([3]string{"1541", "OK", `"soon"`}, two)), payment.Done, ""},
		"the first refused":        {says("OK", items(no, two)), payment.Unknown, ""},
		"the second refused":       {says("OK", items(one, noTwo)), payment.Unknown, ""},
		"each refused, OK in all":  {says("OK", items(no, noTwo)), payment.Unknown, ""},
		"an unknown code":          {says("OK", items(one, strange)), payment.Unknown, ""},
		"one not confirmed":        {says("OK", items(one, open)), payment.Unknown, ""},
		"no results":               {says("OK", bare), payment.Unknown, ""},
		"fewer":                    {says("OK", items(one)), payment.Unknown, ""},
		"more":                     {says("OK", items(one, two, [3]string{"1543", "OK", later})), payment.Unknown, ""},
		"another":                  {says("OK", items(one, [3]string{"1543", "OK", sooner})), payment.Unknown, ""},
		"none":                     {says("OK", items()), payment.Unknown, ""},
		"OK alone":                 {says("OK"), payment.Unknown, ""},
		"refused":                  {says("STPIMS-ERR-057"), payment.Declined, "insufficient_funds"},
		"refused, all of it":       {says("STPIMS-ERR-057", items(no, noTwo)), payment.Declined, "insufficient_funds"},
		"refused, yet one is held": {says("STPIMS-ERR-057", items(no, two)), payment.Unknown, ""},
		"refused, fewer told of":   {says("STPIMS-ERR-057", items(two)), payment.Unknown, ""},
		"not confirmed":            {says("STPIMS-ERR-142"), payment.Unknown, ""},
		"expired":                  {says("STPIMS-ERR-144"), payment.Declined, "hold_expired"},
		"cancelled":                {says("STPIMS-ERR-145"), payment.Declined, "hold_cancelled"},
		"in process":               {says("INFO-202"), payment.Pending, ""},
		"unknown code":             {says("STPIMS-ERR-999", items(one, two)), payment.Unknown, ""},
	} {
		a := reads(t, holdsCall("hold-multiple-apply"), row.reply)
		row.check(t, "23 hold-multiple-apply, "+name, a)
		soonest := time.Date(2022, 6, 30, 14, 0, 0, 0, time.UTC)
		if a.Outcome == payment.Done && !a.HeldUntil.Equal(soonest) {
			t.Errorf("23 hold-multiple-apply, %s: until %s, the first ends at %s", name, a.HeldUntil, soonest)
		}
	}
}

// H10 to H12: the money of a hold is taken when a transaction says so of itself.
func TestChargeIsDoneOnlyByConfirmedAmountAndTransaction(t *testing.T) {
	took, not := store("12345", "5000000", "true"), store("12345", "5000000", "false")
	for name, row := range map[string]row{
		"OK, confirmed":           {says("OK", took), payment.Done, ""},
		"OK, drifted types":       {says("OK", store(`"12345"`, `"5000000"`, "true")), payment.Done, ""},
		"092, confirmed":          {says("STPIMS-ERR-092", took), payment.Done, ""},
		"113, confirmed":          {says("STPIMS-ERR-113", took), payment.Done, ""},
		"OK, not confirmed":       {says("OK", not), payment.Unknown, ""},
		"OK, nothing said of it":  {says("OK", store("12345", "5000000", "")), payment.Unknown, ""},
		"OK, no amount":           {says("OK", store("12345", "", "true")), payment.Unknown, ""},
		"OK, amount null":         {says("OK", store("12345", "null", "true")), payment.Unknown, ""},
		"OK, no transaction":      {says("OK", store("", "5000000", "true")), payment.Unknown, ""},
		"OK, transaction null":    {says("OK", store("null", "5000000", "true")), payment.Unknown, ""},
		"OK alone":                {says("OK"), payment.Unknown, ""},
		"092, not confirmed":      {says("STPIMS-ERR-092", not), payment.Unknown, ""},
		"092 alone":               {says("STPIMS-ERR-092"), payment.Unknown, ""},
		"hold not confirmed":      {says("STPIMS-ERR-142"), payment.Declined, "hold_not_confirmed"},
		"expired":                 {says("STPIMS-ERR-144"), payment.Declined, "hold_expired"},
		"cancelled":               {says("STPIMS-ERR-145"), payment.Declined, "hold_cancelled"},
		"142, yet confirmed":      {says("STPIMS-ERR-142", took), payment.Unknown, ""},
		"144, yet confirmed":      {says("STPIMS-ERR-144", took), payment.Unknown, ""},
		"145, yet confirmed":      {says("STPIMS-ERR-145", took), payment.Unknown, ""},
		"no money, yet confirmed": {says("STPIMS-ERR-057", took), payment.Unknown, ""},
		"more than is held":       {says("STPIMS-ERR-042"), payment.Declined, "invalid_amount"},
		"in process":              {says("INFO-202", not), payment.Pending, ""},
		"not found":               {says("STPIMS-ERR-061"), payment.Unknown, ""},
		"internal error":          {says("STPIMS-ERR-001"), payment.Unknown, ""},
		"unknown code":            {says("STPIMS-ERR-999", not), payment.Unknown, ""},
		"unknown code, confirmed": {says("STPIMS-ERR-999", took), payment.Unknown, ""},
	} {
		row.check(t, "24 hold-charge, "+name, reads(t, holdCall("hold-charge"), row.reply))
	}
	for step, c := range map[string]saga.Call{
		"24 hold-charge": holdCall("hold-charge"), "26 hold-get": about(holdCall("hold-get"), "hold-charge"),
	} {
		if a := reads(t, c, says("OK", store("12345", "4999900", "true"))); a.Amount != 4_999_900 || !a.Amounted {
			t.Errorf("%s, another amount is not passed on: %+v", step, a)
		}
	}
}

// A hold that is cancelled is what we want, and so is one that froze nothing or whose time is over.
func TestReleaseIsDoneOrRefusedOnlyByItsOwnCodes(t *testing.T) {
	for name, row := range map[string]row{
		"cancelled":      {says("STPIMS-ERR-145", `"status":-242,"processing":"UZCARD"`), payment.Done, ""},
		"OK":             {says("OK"), payment.Done, ""},
		"expired":        {says("STPIMS-ERR-144"), payment.Done, ""},
		"not confirmed":  {says("STPIMS-ERR-142"), payment.Done, ""},
		"not removed":    {says("STPIMS-ERR-143"), payment.Declined, "cancellation_failed"},
		"closed":         {says("STPIMS-ERR-092"), payment.Unknown, ""},
		"not found":      {says("STPIMS-ERR-061"), payment.Unknown, ""},
		"in process":     {says("INFO-202"), payment.Pending, ""},
		"internal error": {says("STPIMS-ERR-001"), payment.Unknown, ""},
		"unknown code":   {says("STPIMS-ERR-999"), payment.Unknown, ""},
	} {
		row.check(t, "25 hold-cancel, "+name, reads(t, holdCall("hold-cancel"), row.reply))
	}
}
