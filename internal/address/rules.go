package address

import (
	"regexp"

	"github.com/plaza-api/plaza/gen/db"
	"github.com/plaza-api/plaza/internal/fault"
)

// postalCodes are the forms of postal codes and how to say them, by country.
var postalCodes = map[Country]struct { //nolint:gochecknoglobals // a table
	form  *regexp.Regexp
	words string
}{
	db.CountryUS: {regexp.MustCompile(`^[0-9]{5}(-[0-9]{4})?$`), "must look like 12345 or 12345-6789 in the US"},
	db.CountryCA: {regexp.MustCompile(`^[A-Z][0-9][A-Z] [0-9][A-Z][0-9]$`), "must look like A1A 1A1 in Canada"},
	db.CountryMX: {regexp.MustCompile(`^[0-9]{5}$`), "must look like 12345 in Mexico"},
}

// CheckPostalCode returns the fault of a postal code in a country, if it has one. Of an unknown country it says
// nothing.
func CheckPostalCode(country Country, code string) []fault.Field {
	rule, known := postalCodes[country]
	if !known || rule.form.MatchString(code) {
		return nil
	}
	return []fault.Field{{Pointer: "/postal_code", Detail: rule.words}}
}
