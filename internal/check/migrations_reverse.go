package check

import (
	"context"
	"errors"
)

// reverse undoes every migration on a database with rows, from the last one on, runs it again and undoes it again.
func (l *migrationsRun) reverse(ctx context.Context) error {
	address, err := l.p.filledWith(ctx, filesOf(l.all))
	for i := len(l.all); i > 0 && err == nil; {
		if i, err = l.undo(ctx, address, i); err == nil && i > 0 {
			// One of them is told of: go on below it, without rows.
			address, err = l.p.MigratedWith(ctx, filesOf(l.all[:i]))
		}
	}
	return err
}

// undo undoes the first i migrations of a database, until something is wrong with one. It returns how many are left
// to look at.
func (l *migrationsRun) undo(ctx context.Context, address string, i int) (int, error) {
	s, err := openSteps(ctx, address, l.all)
	if err != nil {
		return i, err
	}
	defer s.close()
	for good := true; i > 0 && good; i-- {
		if good, err = l.undoOne(ctx, s, i); err != nil {
			return i, err
		}
	}
	return i, nil
}

// undoOne undoes the i-th migration; runs it again, and undoes it again. It tells whether all that was right.
func (l *migrationsRun) undoOne(ctx context.Context, s *steps, i int) (bool, error) {
	m := l.all[i-1]
	down := gooseDown.FindStringIndex(m.text)
	if down == nil {
		l.addf(m, "migrations/irreversible", 0, "%s has no -- +goose Down: add the statements that undo it", m.name)
		return false, nil
	}
	downLine, _ := placeIn(m.text, down[0], 1)
	if err := s.step(ctx, m, false); err != nil {
		return false, l.refused(err, m, "migrations/irreversible", "cannot be undone with rows in the tables")
	}
	is, err := s.catalogue(ctx)
	if err != nil {
		return false, err
	}
	if left, missing, changed := is.changes(l.schemas[i-1]); len(left)+len(missing)+len(changed) > 0 {
		for _, wrong := range []struct {
			objects []schemaObject
			words   string
		}{{left, "does not drop"}, {missing, "does not bring back"}, {changed, "does not restore"}} {
			if len(wrong.objects) > 0 {
				l.addf(m, "migrations/down", downLine, "The Down of %s %s %s", m.name, wrong.words, listed(wrong.objects))
			}
		}
		return false, nil
	}
	if err := s.step(ctx, m, true); err != nil {
		return false, l.refused(err, m, "migrations/data", failsOnRows)
	}
	if is, err = s.catalogue(ctx); err != nil {
		return false, err
	}
	if more, missing, changed := is.changes(l.schemas[i]); len(more)+len(missing)+len(changed) > 0 {
		l.addf(m, "migrations/down", downLine, "After Down and Up again %s differs: %s", m.name, is.since(l.schemas[i]))
		return false, nil
	}
	if err := s.step(ctx, m, false); err != nil {
		return false, l.refused(err, m, "migrations/irreversible", "cannot be undone a second time")
	}
	return true, nil
}

// failsOnRows is what is told of a migration that runs on an empty database alone.
const failsOnRows = "fails on a database with rows"

// refused tells of a migration that PostgreSQL refuses, where that is what an error says.
func (l *migrationsRun) refused(err error, m migration, rule, words string) error {
	faulty, ok := errors.AsType[*Faulty](err)
	if !ok {
		return err
	}
	for _, f := range faulty.Findings {
		f.Rule = rule
		f.Message = m.name + " " + words + f.Message[len(m.name+" does not run"):]
		l.findings = append(l.findings, f)
	}
	return nil
}
