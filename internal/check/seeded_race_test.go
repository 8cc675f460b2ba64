//go:build race

package check_test

// everyRow: rows of a layer differ in data alone, so the race detector sees all of its code with a few of them.
const everyRow = false
