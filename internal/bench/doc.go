// Package bench holds what Plaza costs against what it may cost.
//
// What lists read is counted by PostgreSQL itself, for the statements that the server really sends: no page reads
// more than a thousand rows, whatever plan it gets and however rare or old its matches are. How long lists take
// is measured through the whole HTTP server, on a million people.
//
// Run is `plazadev bench`: ratios to bare handlers that do the same and nothing else, from turns that both take on one
// database, and what the server's process costs, as the operating system tells it. Then the mixed load, reads and
// writes as people would send them: at its peak, at half of it, which is the normal load, and at three times as much;
// or, with Options.Soak, for long, and what the server keeps of it.
//
//	closed loop   the next request when the last is answered   how much there can be
//	open loop     requests when they are due, answered or not  how long they take
//
// A Report is printed as a table or as JSON, and written as one page with charts.
package bench
