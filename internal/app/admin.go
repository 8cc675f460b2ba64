package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/etag"
	"github.com/plaza-api/plaza/internal/fault"
	"github.com/plaza-api/plaza/internal/postgres"
	"github.com/plaza-api/plaza/internal/user"
)

// AdminRequest says who is to be an admin.
type AdminRequest struct {
	Email string
	Name  string // of a user who is made
	Age   int32  // ditto
}

// CreateAdmin makes the live user of an e-mail address an admin, and makes the user where there is none. It prints who
// that is, and how they sign in.
func CreateAdmin(ctx context.Context, c Config, r AdminRequest, out io.Writer, log *slog.Logger) error {
	return onDatabase(ctx, c, log, func(pool *postgres.DB, spec *contract.Contract) error {
		common, err := openShared(ctx, c, spec, log)
		if err != nil {
			return err
		}
		defer common.close()
		users, role := user.New(pool).Keep(common.users), user.Role("admin")
		var made user.User
		err = pool.InTx(ctx, func(ctx context.Context) error {
			found, err := users.ByEmail(ctx, r.Email)
			if fault.Is(err, fault.NotFound) {
				found, err = users.Create(ctx, user.Draft{Fields: user.Fields{Name: r.Name, Email: r.Email, Age: r.Age}})
			}
			if err != nil {
				return err
			}
			made, err = users.Update(ctx, found.ID, etag.Match{}, user.Patch{Role: &role})
			return err
		})
		if err != nil {
			return fmt.Errorf("admin: %w", err)
		}
		how := "by a code to that address"
		if c.OIDCIssuer != "" {
			how = "at " + c.OIDCIssuer
		}
		_, err = fmt.Fprintf(out, "admin: user %d, %s; signs in %s\n", made.ID, user.DisplayName(made), how)
		return err
	})
}

// PrintMail prints the mails that development has kept, the newest last, at most so many.
func PrintMail(c Config, most int, out io.Writer) error {
	mails, err := c.captured().List(most)
	if err != nil {
		return err
	}
	if len(mails) == 0 {
		_, err := fmt.Fprintln(out, "no mail")
		return err
	}
	for _, m := range slices.Backward(mails) {
		if _, err := fmt.Fprintf(out, "To:      %s\nDate:    %s\nSubject: %s\n\n%s\n", m.To,
			m.At.Format(time.RFC3339), m.Subject, m.Text); err != nil {
			return err
		}
	}
	return nil
}
