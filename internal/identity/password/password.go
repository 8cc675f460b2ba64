package password

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/plaza-api/plaza/internal/fault"
)

const (
	// maxWaiting is how many may wait for their turn; those beyond would wait longer than people do.
	maxWaiting = 256
	// retryAfter is when to come again.
	retryAfter = 5 * time.Second
	// nobodys has the form of a hash made with params, and is that of no password: nobody knows one.
	nobodys = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)

// params are what OWASP's Password Storage Cheat Sheet asks for: 19 MiB, two passes, one lane.
func params() *argon2id.Params {
	const saltLength, keyLength = 16, 32
	return &argon2id.Params{Memory: 19 << 10, Iterations: 2, Parallelism: 1, SaltLength: saltLength, KeyLength: keyLength}
}

// Hasher hashes passwords, so many at once.
type Hasher struct {
	turns   chan struct{} // holds one token for each that is at work
	waiting chan struct{} // and for each that waits or is at work
}

// AtOnce is how many a server hashes at once: on half of its processors, so that the others are everybody's while many
// sign in.
func AtOnce() int { return max(runtime.GOMAXPROCS(0)/2, 1) } // half

// New makes a hasher that does so many at once.
func New(atOnce int) *Hasher {
	return &Hasher{turns: make(chan struct{}, atOnce), waiting: make(chan struct{}, atOnce+maxWaiting)}
}

// Hash returns the hash of a password in the PHC string format. It returns fault.Unavailable where too many wait, and
// where ctx ends before its turn comes.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	done, err := h.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	hash, err := argon2id.CreateHash(password, params())
	if err != nil {
		return "", fmt.Errorf("password: hash: %w", err)
	}
	return hash, nil
}

// Verify tells whether a password has that hash, in a time that says nothing. The hash may be empty: then it takes as
// long, and no password is right. It returns the errors of Hash.
func (h *Hasher) Verify(ctx context.Context, password, hash string) (bool, error) {
	done, err := h.turn(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	against := hash
	if hash == "" {
		against = nobodys
	}
	same, err := argon2id.ComparePasswordAndHash(password, against)
	if err != nil {
		return false, fmt.Errorf("password: verify: %w", err)
	}
	return same && hash != "", nil
}

// turn waits for one. The caller calls done.
func (h *Hasher) turn(ctx context.Context) (done func(), err error) {
	select {
	case h.waiting <- struct{}{}:
	default:
		return nil, busy()
	}
	select {
	case h.turns <- struct{}{}:
		return func() { <-h.turns; <-h.waiting }, nil
	case <-ctx.Done():
		<-h.waiting
		return nil, busy().Because(context.Cause(ctx))
	}
}

func busy() *fault.Fault {
	f := fault.New(fault.Unavailable, "Too many people sign in at this moment")
	f.RetryAfter = retryAfter
	return f
}
