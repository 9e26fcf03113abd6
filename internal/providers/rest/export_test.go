package rest

import "crypto/x509"

// Trust makes the client accept servers with these certificates.
func (c *Client) Trust(roots *x509.CertPool) { c.transport.TLSClientConfig.RootCAs = roots }
