package identity

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"strings"
)

// methodS256 is the one challenge method (RFC 7636, section 4.2); plain is none, for it protects nothing.
const methodS256 = "S256"

// The length of a verifier (RFC 7636, section 4.1), in characters.
const (
	minVerifier = 43
	maxVerifier = 128
)

// isChallenge tells whether text is the base64url of a SHA-256.
func isChallenge(text string) bool {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	return err == nil && len(raw) == sha256.Size
}

// answersChallenge tells whether a verifier is the one that a challenge was made of (RFC 7636, section 4.6).
func answersChallenge(verifier, challenge string) bool {
	if len(verifier) < minVerifier || len(verifier) > maxVerifier || strings.ContainsFunc(verifier, notUnreserved) {
		return false
	}
	sum := sha256.Sum256([]byte(verifier))
	made := base64.RawURLEncoding.EncodeToString(sum[:])
	return subtle.ConstantTimeCompare([]byte(made), []byte(challenge)) == 1
}

// notUnreserved tells what is not an unreserved character of a URI (RFC 3986, section 2.3).
func notUnreserved(r rune) bool {
	letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	return !letter && !strings.ContainsRune("-._~", r)
}
