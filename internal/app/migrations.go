package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"text/tabwriter"

	"github.com/plaza-api/plaza/internal/postgres/migrate"
)

// MigrateUp applies every pending migration to the database of a configuration, and prints what it did.
func MigrateUp(ctx context.Context, c Config, out io.Writer, log *slog.Logger) error {
	return onMigrator(ctx, c, log, func(m *migrate.Migrator) error {
		applied, err := m.Up(ctx)
		for _, migration := range applied {
			_, _ = fmt.Fprintln(out, "applied ", migration.Name) // what is done is done, printed or not
		}
		if err == nil && len(applied) == 0 {
			_, err = fmt.Fprintln(out, "nothing to do: the schema is up to date")
		}
		return err
	})
}

// MigrateDown undoes the latest migration, data included, and prints which it was.
func MigrateDown(ctx context.Context, c Config, out io.Writer, log *slog.Logger) error {
	return onMigrator(ctx, c, log, func(m *migrate.Migrator) error {
		undone, err := m.Down(ctx)
		if err == nil {
			_, err = fmt.Fprintln(out, "undone ", undone.Name)
		}
		return err
	})
}

// MigrateStatus prints every migration and when the database got it.
func MigrateStatus(ctx context.Context, c Config, out io.Writer, log *slog.Logger) error {
	return onMigrator(ctx, c, log, func(m *migrate.Migrator) error {
		status, err := m.Status(ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		for _, migration := range status {
			when := "pending"
			if !migration.Pending() {
				when = "applied " + migration.AppliedAt.Format("2006-01-02 15:04:05 UTC")
			}
			_, _ = fmt.Fprintf(table, "%s\t%s\n", migration.Name, when) // the error stays for Flush
		}
		return table.Flush()
	})
}

func onMigrator(ctx context.Context, c Config, log *slog.Logger, do func(*migrate.Migrator) error) error {
	database, err := OpenDatabase(ctx, c, log)
	if err != nil {
		return err
	}
	return errors.Join(database.withMigrator(do), database.Close(ctx))
}
