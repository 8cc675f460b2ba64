//go:build sdk

package samples_test

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/testkit"
	"github.com/plaza-api/plaza/internal/user"
)

// What the examples of the contract name.
const (
	userID    = 1
	sessionID = "0197c0de-7c1e-4b6a-9f5e-3d2a1b0c9d8e"
	clientID  = "example"
	callback  = "http://127.0.0.1/callback"
	verifier  = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	authCode  = "SplxlOBeZQQYbYS6WxSbIA"
	mailCode  = "12345678"
)

// server has what the examples of one operation name.
type server struct {
	*testkit.Server

	token  string // of the user with that id, who is an admin
	secret string // of the client, where it is no public one
}

func prepare(t *testing.T, operation string) server {
	t.Helper()
	s := server{Server: testkit.NewServer(t), secret: "correct horse battery"}
	u := testkit.User(t, s.DB, func(d *user.Draft) { d.Email = "admin@plaza.example" })
	require.EqualValues(t, userID, u.ID)
	require.EqualValues(t, 1, testkit.Address(t, s.DB, u.ID).ID)
	require.EqualValues(t, 1, testkit.Post(t, s.DB, u.ID).ID)
	s.token = s.Token(t, "admin", u.ID)
	s.run(t, `INSERT INTO sessions (id, user_id, token_hash, user_agent, address, expires_at)
		VALUES ($1, $2, $3, 'Mozilla/5.0', '192.0.2.7', now() + interval '1 hour')`, sessionID, u.ID, hash("cookie"))
	kind, hashed := "confidential", hash(s.secret)
	if operation == "exchangeToken" || operation == "revokeToken" { // whose examples show no secret
		kind, hashed = "public", nil
	}
	s.run(t, `INSERT INTO clients (id, name, kind, secret_hash, redirect_uris, scopes)
		VALUES ($1, 'Town Board', $2, $3, $4, $5)`, clientID, kind, hashed, []string{callback}, []string{"openid"})
	switch operation {
	case "exchangeToken":
		challenge := base64.RawURLEncoding.EncodeToString(hash(verifier))
		s.run(t, `INSERT INTO authorization_codes (hash, session_id, client_id, redirect_uri, code_challenge, nonce, scopes)
			VALUES ($1, $2, $3, $4, $5, '', $6)`, hash(authCode), sessionID, clientID, callback, challenge, []string{"openid"})
	case "verifyEmail":
		key, err := hkdf.Key(sha256.New, s.Identity.Secret, nil, "plaza email codes", sha256.Size)
		require.NoError(t, err)
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte("1 " + mailCode + " " + u.Email))
		s.run(t, `INSERT INTO email_codes (user_id, hash, expires_at) VALUES ($1, $2, now() + interval '10 minutes')`,
			u.ID, mac.Sum(nil))
	case "restoreUser":
		s.In(t).Delete("/users/1").Is(http.StatusNoContent)
		s.token = s.Token(t, "admin", 1<<52) // that of who was deleted has ended
	}
	return s
}

func (s server) run(t *testing.T, sql string, arguments ...any) {
	t.Helper()
	_, err := s.DB.Conn(t.Context()).Exec(t.Context(), sql, arguments...)
	require.NoError(t, err)
}

func hash(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

// runs a sample, and fails the test unless it succeeds.
func (s server) runs(t *testing.T, operation string, sample *exec.Cmd) {
	t.Helper()
	sample.Env = append(os.Environ(), "TOKEN="+s.token, "CLIENT_ID="+clientID, "CLIENT_SECRET="+s.secret)
	output, err := sample.CombinedOutput()
	require.NoError(t, err, "%s\n%s", output, s.Log)
	s.succeeded(t, operation)
}

// succeeded fails the test unless the operation was asked for, and nothing was refused.
func (s server) succeeded(t *testing.T, operation string) {
	t.Helper()
	op := testkit.Contract(t).Operation(operation)
	route := strings.NewReplacer("{", ":", "}", "").Replace(op.Path)
	assert.Eventually(t, func() bool { // the line comes after the answer
		found := false
		for line := range strings.Lines(s.Log.String()) {
			var entry struct {
				Msg    string `json:"msg"`
				Method string `json:"method"`
				Route  string `json:"route"`
				Status int    `json:"status"`
			}
			require.NoError(t, json.Unmarshal([]byte(line), &entry))
			if entry.Msg == "request" {
				require.Less(t, entry.Status, http.StatusBadRequest, line)
				found = found || entry.Method == op.Method && entry.Route == route
			}
		}
		return found
	}, 5*time.Second, time.Millisecond, "%s was not asked for", operation)
}
