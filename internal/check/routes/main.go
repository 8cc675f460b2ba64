// Command routes makes the server of the tree that it is run in, sends it the example of each operation as an admin,
// and prints what the router serves and how it answered, as JSON. It is a program of its own, which plazadev check
// routes runs, as the tree that is checked need not be the one that plazadev was built from.
//
// It takes its configuration from the environment as plaza does. The examples write: the database is to be a scratch
// one.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/plaza-api/plaza/internal/app"
	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/example"
	"github.com/plaza-api/plaza/internal/httpapi"
)

// answer is how an operation has answered its example.
type answer struct {
	Operation string `json:"operation"`
	Method    string `json:"method"`
	Path      string `json:"path"` // as in the contract
	Status    int    `json:"status"`
	// Unrouted tells that the router has answered, for want of a route.
	Unrouted bool `json:"unrouted"`
}

// seen is what there is to see of a server.
type seen struct {
	// Error says why there is no server; empty where there is one.
	Error   string   `json:"error"`
	Routes  []string `json:"routes"` // "METHOD /path/:parameter"
	Answers []answer `json:"answers"`
}

func main() {
	if err := json.NewEncoder(os.Stdout).Encode(look(context.Background())); err != nil {
		fmt.Fprintln(os.Stderr, "routes:", err)
		os.Exit(1)
	}
}

// look makes the server and asks it. A contract and a code that do not agree may well panic.
func look(ctx context.Context) (found seen) {
	defer func() {
		if reason := recover(); reason != nil {
			found.Error = fmt.Sprint("panic: ", reason)
		}
	}()
	config, err := app.LoadConfig(os.Environ())
	if err == nil {
		options := app.Options{Config: config, Log: slog.New(slog.DiscardHandler)}
		err = app.Inspect(ctx, options, func(api *httpapi.Server, spec *contract.Contract) error {
			found.Routes = api.Routes()
			server := httptest.NewServer(api)
			defer server.Close()
			return (&asker{config: config, url: server.URL}).askAll(ctx, spec, &found)
		})
	}
	if err != nil {
		found.Error = err.Error()
	}
	return found
}

type asker struct {
	config app.Config
	url    string
	// token is an admin's, and nowhere what the router says of a path that it does not have.
	token, nowhere string
}

func (a *asker) askAll(ctx context.Context, spec *contract.Contract, found *seen) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, a.url+"/nowhere/at/all", nil)
	if err != nil {
		return fmt.Errorf("asking for nothing: %w", err)
	}
	if _, a.nowhere, err = a.send(r); err != nil {
		return err
	}
	for _, op := range spec.Operations {
		status, detail, err := a.ask(ctx, spec, op)
		if status == http.StatusUnauthorized && len(op.Policy.Security.Alternatives) > 0 {
			// An example has ended the token: that of deleteUser may be about the admin.
			if err = a.renew(ctx); err == nil {
				status, detail, err = a.ask(ctx, spec, op)
			}
		}
		if err != nil {
			return err
		}
		unrouted := status == http.StatusMethodNotAllowed || status == http.StatusNotFound && detail == a.nowhere
		found.Answers = append(found.Answers, answer{op.ID, op.Method, op.Path, status, unrouted})
	}
	return nil
}

// renew gets a token of an admin.
func (a *asker) renew(ctx context.Context) error {
	var out bytes.Buffer
	request := app.TokenRequest{Role: "admin", TTL: time.Hour}
	if err := app.Token(ctx, a.config, request, &out, slog.New(slog.DiscardHandler)); err != nil {
		return fmt.Errorf("an admin's token: %w", err)
	}
	a.token = strings.TrimSpace(out.String())
	return nil
}

func (a *asker) ask(
	ctx context.Context, spec *contract.Contract, op *contract.Operation,
) (status int, detail string, err error) {
	r, err := example.Request(ctx, spec, op, a.url, nil)
	if err != nil {
		return 0, "", err
	}
	if a.token != "" {
		r.Header.Set("Authorization", "Bearer "+a.token)
	}
	return a.send(r)
}

// send returns the status of the answer, and the detail of a problem.
func (a *asker) send(r *http.Request) (status int, detail string, err error) {
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(r)
	if err != nil {
		return 0, "", fmt.Errorf("%s %s: %w", r.Method, r.URL.Path, err)
	}
	defer response.Body.Close() //nolint:errcheck // it is read to the end
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, "", fmt.Errorf("%s %s: %w", r.Method, r.URL.Path, err)
	}
	var problem struct {
		Detail string `json:"detail"`
	}
	_ = json.Unmarshal(body, &problem) // most answers are none
	return response.StatusCode, problem.Detail, nil
}
