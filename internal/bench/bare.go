package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// bareUser is a user as a bare handler reads and writes it.
type bareUser struct {
	ID        int64      `json:"id"`
	Name      string     `json:"name"`
	Email     string     `json:"email"`
	Age       int32      `json:"age"`
	Status    string     `json:"status"`
	Role      string     `json:"role"`
	Tags      []string   `json:"tags"`
	Version   int64      `json:"version"`
	CreatedAt time.Time  `json:"created_at"`
	UpdatedAt *time.Time `json:"updated_at"`
}

const bareColumns = "id, name, email, age, status, role, tags, version, created_at, updated_at"

// fields are where a row of bareColumns goes.
func (u *bareUser) fields() []any {
	return []any{&u.ID, &u.Name, &u.Email, &u.Age, &u.Status, &u.Role, &u.Tags, &u.Version, &u.CreatedAt, &u.UpdatedAt}
}

// serveBare serves what Plaza is held against, until ctx ends: net/http, pgx, the same SQL and encoding/json, and
// nothing else, neither checks nor limits. It prints its address.
func serveBare(ctx context.Context, databaseURL string, out io.Writer) error {
	pool, err := pgxpool.New(ctx, databaseURL)
	if err != nil {
		return fmt.Errorf("bare: %w", err)
	}
	defer pool.Close()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{id}", func(w http.ResponseWriter, r *http.Request) {
		id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		var u bareUser
		err = pool.QueryRow(r.Context(), "SELECT "+bareColumns+" FROM users WHERE id = $1 AND deleted_at IS NULL", id).
			Scan(u.fields()...)
		answerBare(w, u, err)
	})
	mux.HandleFunc("GET /users", func(w http.ResponseWriter, r *http.Request) {
		rows, err := pool.Query(r.Context(), "SELECT "+bareColumns+
			" FROM users WHERE deleted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 20")
		if err != nil {
			answerBare(w, nil, err)
			return
		}
		users, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (u bareUser, err error) {
			return u, row.Scan(u.fields()...)
		})
		answerBare(w, users, err)
	})
	mux.HandleFunc("POST /users", func(w http.ResponseWriter, r *http.Request) { postBare(w, r, pool) })
	mux.HandleFunc("PATCH /users/{id}", func(w http.ResponseWriter, r *http.Request) { patchBare(w, r, pool) })
	fixed, err := json.Marshal(bareUser{
		ID: 1, Name: "Ann Lee", Email: "ann@example.com", Tags: []string{}, CreatedAt: time.Now(),
	})
	if err != nil {
		return fmt.Errorf("bare: %w", err)
	}
	mux.HandleFunc("GET /fixed", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(fixed)
	})
	return listen(ctx, mux, out)
}

// postBare makes a user.
func postBare(w http.ResponseWriter, r *http.Request, pool *pgxpool.Pool) {
	var u bareUser
	if err := json.NewDecoder(r.Body).Decode(&u); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	err := pool.QueryRow(r.Context(), "INSERT INTO users (name, email, age) VALUES ($1, $2, $3) RETURNING "+bareColumns,
		u.Name, u.Email, u.Age).Scan(u.fields()...)
	answerBare(w, u, err)
}

// patchBare changes the name of a user who has the version that If-Match names.
func patchBare(w http.ResponseWriter, r *http.Request, pool *pgxpool.Pool) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	version, err := strconv.ParseInt(strings.Trim(r.Header.Get("If-Match"), `"-`), 10, 64)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var u bareUser
	if err := json.NewDecoder(r.Body).Decode(&u); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	err = pool.QueryRow(r.Context(), "UPDATE users SET name = $1, version = version + 1, updated_at = now() "+
		"WHERE id = $2 AND version = $3 AND deleted_at IS NULL RETURNING "+bareColumns, u.Name, id, version).
		Scan(u.fields()...)
	answerBare(w, u, err)
}

func answerBare(w http.ResponseWriter, v any, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) //nolint:errchkjson // as most would write it
}

// listen serves on a free port of this machine, and prints which.
func listen(ctx context.Context, handler http.Handler, out io.Writer) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("bare: %w", err)
	}
	server := &http.Server{Handler: handler} //nolint:gosec // it has one caller
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	if _, err := fmt.Fprintln(out, listener.Addr()); err != nil {
		return fmt.Errorf("bare: %w", err)
	}
	_ = server.Serve(listener) // until it is closed
	return nil
}
