// Package mail sends messages to people: over SMTP, or into a directory where a developer reads them.
package mail
