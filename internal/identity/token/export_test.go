package token

import (
	"context"
	"crypto/ecdsa"
)

// SigningKey returns the key that signs, for tests that forge tokens.
func SigningKey(ctx context.Context, k *Keys) (*ecdsa.PrivateKey, error) {
	_, key, err := k.signer(ctx)
	return key, err
}
