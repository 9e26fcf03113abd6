package providers

import (
	"tolov/internal/config"
	"tolov/internal/providers/atmos"
	"tolov/internal/providers/atmosips"
)

// AsksFirst tells whether the provider asks the merchant before it debits: who has a key of ATMOS's Callback API has
// agreed with ATMOS on that.
func AsksFirst(m config.Merchant, provider string) bool {
	return provider == atmos.Name && !m.Atmos.APIKey.IsZero()
}

// TellsOfCards tells whether the provider tells the merchant that a card was linked at its page: with the same key.
func TellsOfCards(m config.Merchant, provider string) bool {
	return provider == atmosips.Name && !m.Atmos.APIKey.IsZero()
}
