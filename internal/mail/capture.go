package mail

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// stamp begins the name of a file, so that names are in the order of time.
const stamp = "20060102T150405.000000000Z"

// extension ends the name of a file that is whole.
const extension = ".eml"

// Capture keeps mails as files instead of sending them.
type Capture struct{ directory string }

// NewCapture makes a sender that keeps each mail as a file in directory, which is made with the first one.
func NewCapture(directory string) *Capture { return &Capture{directory: directory} }

// Captured is a mail that was kept.
type Captured struct {
	Message

	At time.Time
}

// Send keeps a mail, whole or not at all.
func (c *Capture) Send(ctx context.Context, m Message) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	msg, err := compose("Plaza <plaza@localhost>", m)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.directory, 0o700); err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	draft, err := os.CreateTemp(c.directory, ".draft.*") // for its owner alone
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	_, err = msg.WriteTo(draft)
	if err = errors.Join(err, draft.Close()); err == nil {
		name := time.Now().UTC().Format(stamp) + "-" + rand.Text()[:8] + extension
		err = os.Rename(draft.Name(), filepath.Join(c.directory, name))
	}
	if err != nil {
		return fmt.Errorf("mail: %w", errors.Join(err, os.Remove(draft.Name())))
	}
	return nil
}

// List returns the mails that were kept, the newest first, at most so many.
func (c *Capture) List(most int) ([]Captured, error) {
	entries, err := os.ReadDir(c.directory) // in the order of names
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("mail: %w", err)
	}
	mails := []Captured{}
	for _, entry := range slices.Backward(entries) {
		at, ok := kept(entry.Name())
		if !ok {
			continue
		}
		if len(mails) >= most {
			break
		}
		m, err := read(filepath.Join(c.directory, entry.Name()))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("mail: %s: %w", entry.Name(), err)
		}
		mails = append(mails, Captured{Message: m, At: at})
	}
	return mails, nil
}

// kept tells when a mail was kept by the name of its file; false for a file that Send did not write.
func kept(name string) (time.Time, bool) {
	at, rest, _ := strings.Cut(name, "-")
	when, err := time.Parse(stamp, at)
	return when, err == nil && strings.HasSuffix(rest, extension)
}

// read reads a file. Its errors are wrapped by the caller, with the file's name.
//
//nolint:wrapcheck // ditto
func read(name string) (Message, error) {
	file, err := os.Open(name)
	if err != nil {
		return Message{}, err
	}
	defer file.Close() //nolint:errcheck // it is read alone
	parsed, err := mail.ReadMessage(file)
	if err != nil {
		return Message{}, err
	}
	text, err := io.ReadAll(quotedprintable.NewReader(parsed.Body))
	if err != nil {
		return Message{}, err
	}
	to, err := mail.ParseAddress(parsed.Header.Get("To"))
	if err != nil {
		return Message{}, err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject"))
	return Message{
		// With the quotes that an address may need.
		To:      strings.TrimSuffix(strings.TrimPrefix(to.String(), "<"), ">"),
		Subject: subject,
		Text:    strings.ReplaceAll(string(text), "\r\n", "\n"),
	}, err
}
