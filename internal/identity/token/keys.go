package token

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/plaza-api/plaza/gen/db"
	"github.com/plaza-api/plaza/internal/postgres"
)

const (
	// signingFresh is how old the keys may be that a token is signed with.
	signingFresh = 30 * time.Second
	// searchPause is how long a server that has looked for a key in vain waits before it looks for another.
	searchPause = time.Second
)

// Keys are the keys of own tokens. They stand in the database, encrypted, so that all servers have the same.
type Keys struct {
	db     *postgres.DB
	secret []byte
	now    func() time.Time

	mu     sync.Mutex
	loaded time.Time
	// searched is when a key was last looked for in vain.
	searched time.Time
	signs    *ecdsa.PrivateKey
	signID   string
	verify   map[string]*ecdsa.PublicKey
}

// NewKeys makes the keys of a database. secret is PLAZA_SECRET_KEY, 32 bytes.
func NewKeys(database *postgres.DB, secret []byte, now func() time.Time) *Keys {
	return &Keys{db: database, secret: secret, now: now}
}

// Rotate makes a new key, which signs from now on, and returns its id. Tokens that older keys have signed stay good
// until they expire.
func (k *Keys) Rotate(ctx context.Context) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	id, err := k.insert(ctx)
	if err != nil {
		return "", err
	}
	return id, k.load(ctx)
}

// signer returns the newest key, and makes the first one. It returns the errors of a query, and ErrSecretKey.
func (k *Keys) signer(ctx context.Context) (string, *ecdsa.PrivateKey, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.signs == nil || k.now().Sub(k.loaded) > signingFresh {
		if err := k.load(ctx); err != nil {
			return "", nil, err
		}
	}
	if k.signs == nil {
		if err := k.first(ctx); err != nil {
			return "", nil, err
		}
	}
	return k.signID, k.signs, nil
}

// find returns the key of an id, or nil where there is none.
func (k *Keys) find(ctx context.Context, id string) (*ecdsa.PublicKey, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if key := k.verify[id]; key != nil || k.now().Sub(k.searched) < searchPause {
		return key, nil
	}
	if err := k.load(ctx); err != nil {
		return nil, err
	}
	if k.verify[id] == nil {
		k.searched = k.now()
	}
	return k.verify[id], nil
}

// Public returns the public keys as a JSON Web Key Set (RFC 7517, section 5), the newest first; the first key is made
// where there is none. It returns the errors of a query, and ErrSecretKey.
func (k *Keys) Public(ctx context.Context) ([]json.RawMessage, error) {
	if _, _, err := k.signer(ctx); err != nil {
		return nil, err
	}
	rows, err := k.db.Queries(ctx).ListSigningKeys(ctx)
	if err != nil {
		return nil, err
	}
	keys := make([]json.RawMessage, len(rows))
	for n, row := range rows {
		keys[n] = row.PublicKey
	}
	return keys, nil
}

// first makes the first key, unless another server was faster.
func (k *Keys) first(ctx context.Context) error {
	err := k.db.InTx(ctx, func(ctx context.Context) error {
		if err := k.db.Queries(ctx).GetSigningKeysLock(ctx); err != nil {
			return err
		}
		if err := k.load(ctx); err != nil || k.signs != nil {
			return err
		}
		_, err := k.insert(ctx)
		return err
	})
	if err != nil {
		return err
	}
	return k.load(ctx)
}

func (k *Keys) insert(ctx context.Context) (string, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", fmt.Errorf("token: make a key: %w", err)
	}
	public := jose.JSONWebKey{Key: private.Public(), Algorithm: string(jose.ES256), Use: "sig"}
	if public.KeyID, err = thumbprint(public); err != nil {
		return "", err
	}
	text, err := json.Marshal(public)
	if err != nil {
		return "", fmt.Errorf("token: encode a key: %w", err)
	}
	sealed, err := seal(k.secret, public.KeyID, private)
	if err != nil {
		return "", err
	}
	return public.KeyID, k.db.Queries(ctx).InsertSigningKey(ctx, db.InsertSigningKeyParams{
		ID: public.KeyID, PublicKey: text, PrivateKey: sealed,
	})
}

// load reads all keys; the newest one signs.
func (k *Keys) load(ctx context.Context) error {
	began := k.now()
	rows, err := k.db.Queries(ctx).ListSigningKeys(ctx)
	if err != nil {
		return err
	}
	verify := make(map[string]*ecdsa.PublicKey, len(rows))
	for _, row := range rows {
		var public jose.JSONWebKey
		if err := json.Unmarshal(row.PublicKey, &public); err != nil {
			return fmt.Errorf("token: decode key %s: %w", row.ID, err)
		}
		key, ok := public.Key.(*ecdsa.PublicKey)
		if !ok {
			return fmt.Errorf("token: key %s is a %T", row.ID, public.Key) //nolint:err113 // nobody asks for this one
		}
		verify[row.ID] = key
	}
	if len(rows) > 0 && rows[0].ID != k.signID {
		private, err := unseal(k.secret, rows[0].ID, rows[0].PrivateKey)
		if err != nil {
			return err
		}
		k.signs, k.signID = private, rows[0].ID
	}
	k.verify, k.loaded = verify, began
	return nil
}
