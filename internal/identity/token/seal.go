package token

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/go-jose/go-jose/v4"
)

// ErrSecretKey tells that keys were encrypted with another secret.
var ErrSecretKey = errors.New("PLAZA_SECRET_KEY is not the one that the signing keys were encrypted with")

// sealing says in the derivation what the derived key is for.
const sealing = "plaza signing keys"

// thumbprint names a key by what it is (RFC 7638).
func thumbprint(key jose.JSONWebKey) (string, error) {
	sum, err := key.Thumbprint(crypto.SHA256)
	if err != nil {
		return "", fmt.Errorf("token: thumbprint: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(sum), nil
}

// seal encrypts a private key, bound to its id.
func seal(secret []byte, id string, key *ecdsa.PrivateKey) ([]byte, error) {
	plain, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("token: encode a key: %w", err)
	}
	box, err := sealer(secret)
	if err != nil {
		return nil, err
	}
	return box.Seal(nil, nil, plain, []byte(id)), nil //nolint:gosec // the nonce is random, and stands before the text
}

// unseal decrypts what seal made. It returns ErrSecretKey where that fails.
func unseal(secret []byte, id string, sealed []byte) (*ecdsa.PrivateKey, error) {
	box, err := sealer(secret)
	if err != nil {
		return nil, err
	}
	plain, err := box.Open(nil, nil, sealed, []byte(id))
	if err != nil {
		return nil, ErrSecretKey
	}
	key, err := x509.ParsePKCS8PrivateKey(plain)
	if err != nil {
		return nil, fmt.Errorf("token: decode key %s: %w", id, err)
	}
	private, ok := key.(*ecdsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("token: key %s is a %T", id, key) //nolint:err113 // nobody asks for this one
	}
	return private, nil
}

// sealer is AES-256-GCM with a random nonce before each text.
func sealer(secret []byte) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, secret, nil, sealing, sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("token: derive a key: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("token: cipher: %w", err)
	}
	box, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("token: cipher: %w", err)
	}
	return box, nil
}
