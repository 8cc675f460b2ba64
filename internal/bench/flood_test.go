package bench_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaza-api/plaza/internal/httpapi"
	"github.com/plaza-api/plaza/internal/identity"
	"github.com/plaza-api/plaza/internal/testkit"
)

// flood is how many people sign in at once.
const flood = 200

// BenchmarkSignInFlood reads one user from the database over and over, alone and while many people sign in by a password
// at once, in turns, and prints what 99 of 100 of the reads took at most.
func BenchmarkSignInFlood(b *testing.B) {
	s := testkit.NewServer(b, func(c *httpapi.Config) { c.KeptUsers = nil })
	u := testkit.User(b, s.DB)
	token, address := s.Token(b, "member", u.ID), fmt.Sprintf("%s/users/%d", s.URL, u.ID)
	logins := signInForms(b, s)
	var alone, during []time.Duration
	var took []float64
	for range turns {
		quiet, end := context.WithTimeout(b.Context(), turnTime)
		alone = append(alone, readUntil(b, quiet.Done(), address, token)...)
		end()
		began := time.Now()
		during = append(during, readUntil(b, signInAll(b, s.URL, logins), address, token)...)
		took = append(took, time.Since(began).Seconds())
	}
	slices.Sort(alone)
	slices.Sort(during)
	slices.Sort(took)
	ratio := float64(quantile(during, 99)) / float64(quantile(alone, 99))
	b.ReportMetric(ratio, "p99-during/alone")
	fmt.Println() //nolint:forbidigo // the table is what the benchmark is for
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "p50 ms\tp99 ms\treads\t  of one user\n%.2f\t%.2f\t%d\t  alone\n%.2f\t%.2f\t%d\t  while %d sign in\n"+ //nolint:errcheck // Flush tells
		"\t%.2f\t\t  ratio, at most 2 is wanted; the %d took %.1f s, median\n",
		ms(quantile(alone, 50)), ms(quantile(alone, 99)), len(alone),
		ms(quantile(during, 50)), ms(quantile(during, 99)), len(during), flood, ratio, flood, took[turns/2])
	require.NoError(b, table.Flush())
}

// signInForms are the login page's forms of many people with a password, who all have the same.
func signInForms(b *testing.B, s *testkit.Server) []string {
	b.Helper()
	const callback, secret = "https://app.example/callback", "correct horse battery"
	client, _, err := s.Identity.CreateClient(b.Context(), identity.ClientDraft{
		Name: "Bench", Kind: identity.KindPublic, RedirectURIs: []string{callback}, Scopes: []string{"openid"},
	})
	require.NoError(b, err)
	request := url.Values{
		"response_type": {"code"}, "client_id": {client.ID}, "redirect_uri": {callback}, "scope": {"openid"},
		"code_challenge": {strings.Repeat("A", 43)}, "code_challenge_method": {"S256"}, // its length
	}
	hash, err := s.Identity.Passwords.Hash(b.Context(), secret)
	require.NoError(b, err)
	var forms []string
	for range flood {
		u := testkit.User(b, s.DB)
		_, err := s.DB.Conn(b.Context()).Exec(b.Context(), "INSERT INTO passwords (user_id, hash) VALUES ($1, $2)", u.ID, hash)
		require.NoError(b, err)
		require.NoError(b, s.DB.Queries(b.Context()).UpdateUserEmailVerified(b.Context(), u.ID))
		forms = append(forms, url.Values{
			"request": {request.Encode()}, "step": {"password"}, "email": {u.Email}, "password": {secret},
		}.Encode())
	}
	return forms
}

// signInAll sends all forms at once, and returns a channel that is closed when all are answered.
func signInAll(b *testing.B, address string, forms []string) <-chan struct{} {
	b.Helper()
	answered := make(chan struct{})
	var all sync.WaitGroup
	for _, form := range forms {
		all.Go(func() {
			r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, address+"/oauth/sign-in", strings.NewReader(form))
			if err == nil {
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				r.Header.Set("Sec-Fetch-Site", "same-origin")
				var response *http.Response
				if response, err = http.DefaultClient.Do(r); err == nil {
					err = response.Body.Close()
					if response.StatusCode != http.StatusOK || response.Header.Get("Set-Cookie") == "" {
						err = errors.Join(err, fmt.Errorf("the sign-in answered %d", response.StatusCode))
					}
				}
			}
			if err != nil {
				b.Error(err)
			}
		})
	}
	go func() { all.Wait(); close(answered) }()
	return answered
}

// readUntil is what each read took that one caller after the other made until done was closed.
func readUntil(b *testing.B, done <-chan struct{}, address, token string) []time.Duration {
	b.Helper()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4}}
	defer client.CloseIdleConnections()
	var all []time.Duration
	for {
		select {
		case <-done:
			return all
		default:
		}
		began := time.Now()
		require.NoError(b, read(b.Context(), client, address, token))
		all = append(all, time.Since(began))
	}
}
