//go:build !race

package check_test

// everyRow tells whether all seeded faults are put in, or a few of each layer.
const everyRow = true
