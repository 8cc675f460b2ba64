package check

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"testing/fstest"
)

// migration is a file of the schema.
type migration struct {
	name    string // 0001_users.sql
	version int64
	text    string
}

func (m migration) file() string { return "schema/" + m.name }

// migrationName is how a migration is called, and goosePrefix what goose takes a file for one by.
var (
	migrationName = regexp.MustCompile(`^\d{4}_[a-z0-9]+(_[a-z0-9]+)*\.sql$`)
	goosePrefix   = regexp.MustCompile(`^(\d+)_`)
	gooseDown     = regexp.MustCompile(`(?m)^-- *\+goose +Down\b`)
)

// readMigrations returns the migrations at the top of files in the order of their names.
func readMigrations(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("the migrations: %w", err)
	}
	var all []migration
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("the migrations: %w", err)
		}
		m := migration{name: name, text: string(text)}
		if number := goosePrefix.FindStringSubmatch(name); number != nil {
			m.version, _ = strconv.ParseInt(number[1], 10, 64) // digits
		}
		all = append(all, m)
	}
	return all, nil
}

// numbers holds the files' names against the rule for them.
func (l *migrationsRun) numbers() {
	seen := map[int64]string{}
	last := int64(0)
	for _, m := range l.all {
		other, twice := seen[m.version]
		switch {
		case !migrationName.MatchString(m.name):
			l.addf(m, "migrations/name", 0, "%s is not called NNNN_words.sql, in small letters: rename it", m.name)
		case twice:
			l.addf(m, "migrations/name", 0, "%s has the number of %s: take the next one", m.name, other)
		case m.version != last+1:
			l.addf(m, "migrations/name", 0, "%s comes after %04d: call it %04d", m.name, last, last+1)
		}
		seen[m.version], last = m.name, max(last, m.version)
	}
	l.all = slices.DeleteFunc(l.all, func(m migration) bool { return m.version == 0 }) // goose passes over them too
}

// history holds the migrations that were released against what they were.
func (l *migrationsRun) history() (err error) {
	if l.base == nil {
		return nil
	}
	files, err := fs.Sub(l.base.Files, "schema")
	if err != nil {
		return fmt.Errorf("the schema of %s: %w", l.base.Name, err)
	}
	if l.released, err = readMigrations(files); err != nil {
		return err
	}
	now := map[string]migration{}
	for _, m := range l.all {
		now[m.name] = m
	}
	was := map[string]bool{}
	for _, m := range l.released {
		was[m.name] = true
		is, there := now[m.name]
		switch {
		case !there:
			l.addf(m, "migrations/edited", 0, "%s was released in %s and is gone: bring it back", m.name, l.base.Name)
		case is.text != m.text:
			l.addf(m, "migrations/edited", firstDifference([]byte(is.text), []byte(m.text)),
				"%s was released in %s and has another text now: restore it, and add a migration", m.name, l.base.Name)
		}
	}
	for _, m := range l.all {
		if !was[m.name] && m.version > 0 {
			l.fresh = append(l.fresh, m)
		}
	}
	return nil
}

// filesOf returns migrations as files.
func filesOf(migrations []migration) fs.FS {
	files := fstest.MapFS{}
	for _, m := range migrations {
		files[m.name] = &fstest.MapFile{Data: []byte(m.text)}
	}
	return files
}
