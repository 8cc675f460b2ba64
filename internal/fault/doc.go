// Package fault is the one kind of error that services return and callers may read.
//
// A fault has a kind (what sort of trouble), a message for people, and, for
// invalid input, the faulty fields. It says nothing about HTTP: the table in
// internal/httpapi/problem.go turns a kind into a status and a problem type.
// Whatever caused a fault is wrapped for the log and never shown.
package fault
