package providers

import (
	"tolov/internal/config"
	"tolov/internal/providers/atmos"
)

// AsksFirst tells whether the provider asks the merchant before it debits: who has a key of ATMOS's Callback API has
// agreed with ATMOS on that.
func AsksFirst(m config.Merchant, provider string) bool {
	return provider == atmos.Name && !m.Atmos.APIKey.IsZero()
}
