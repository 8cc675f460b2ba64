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
func (c *Capture) Send(_ context.Context, m Message) error {
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
		name := time.Now().UTC().Format(stamp) + "-" + rand.Text()[:8] + ".eml"
		err = os.Rename(draft.Name(), filepath.Join(c.directory, name))
	}
	if err != nil {
		return fmt.Errorf("mail: %w", errors.Join(err, os.Remove(draft.Name())))
	}
	return nil
}

// List returns the mails that were kept, the newest first, at most so many.
func (c *Capture) List(most int) ([]Captured, error) {
	names, err := filepath.Glob(filepath.Join(c.directory, "*.eml"))
	if err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	slices.Sort(names)
	slices.Reverse(names)
	mails := []Captured{}
	for _, name := range names[:min(len(names), most)] {
		m, err := read(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("mail: %s: %w", filepath.Base(name), err)
		}
		mails = append(mails, m)
	}
	return mails, nil
}

// read reads a file. Its errors are wrapped by the caller, with the file's name.
//
//nolint:wrapcheck // ditto
func read(name string) (Captured, error) {
	file, err := os.Open(name)
	if err != nil {
		return Captured{}, err
	}
	defer file.Close() //nolint:errcheck // it is read alone
	parsed, err := mail.ReadMessage(file)
	if err != nil {
		return Captured{}, err
	}
	text, err := io.ReadAll(quotedprintable.NewReader(parsed.Body))
	if err != nil {
		return Captured{}, err
	}
	to, err := mail.ParseAddress(parsed.Header.Get("To"))
	if err != nil {
		return Captured{}, err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject"))
	if err != nil {
		return Captured{}, err
	}
	at, _, _ := strings.Cut(filepath.Base(name), "-")
	when, err := time.Parse(stamp, at)
	return Captured{
		Message: Message{To: to.Address, Subject: subject, Text: strings.ReplaceAll(string(text), "\r\n", "\n")}, At: when,
	}, err
}
