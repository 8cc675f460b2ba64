package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
)

// Model is what the SDKs are made of, in the order of the contract.
type Model struct {
	Version    string // info.version
	Hash       string // SHA-256 of the contract's bytes, in hexadecimal
	Namespaces []*Namespace
	// Schemas names the objects and enumerations that the operations speak of, alphabetically.
	Schemas []string
	// TimeFields names the properties that hold times. No property of another sort has one of these names.
	TimeFields []string

	document *openapi3.T
}

// Namespace is a tag whose operations an SDK has.
type Namespace struct {
	Name        string // the tag, as in plaza.users
	Description string
	Operations  []*Operation
}

// Operation is one call.
type Operation struct {
	ID          string // getUser
	Namespace   string // users
	Name        string // get, as in plaza.users.get
	Method      string // GET
	Path        string // /users/{user_id}
	Summary     string
	Description string
	PathParams  []Parameter
	Query       []Parameter
	Body        *Body   // nil where there is none
	Result      *Result // nil where the answer has no body
	List        *List   // nil where the result is no list
	// Idempotent says that the operation takes an Idempotency-Key.
	Idempotent bool
	IfMatch    Presence
	// Read is the operation that reads the one resource which this one changes, or nil.
	Read *Operation
	// Timeout is how long the server takes at most.
	Timeout time.Duration
	// SignedIn says that the operation asks for a token; with scopes those it needs.
	SignedIn bool
	Scopes   []string
	Roles    []string

	spec       *openapi3.Operation
	parameters openapi3.Parameters // of its path, too
	line       int
}

// Presence says whether a header can be sent.
type Presence string

// The kinds of presence.
const (
	Absent   Presence = ""
	Optional Presence = "optional"
	Required Presence = "required"
)

// Parameter is one of the path or the query.
type Parameter struct {
	Name        string // user_id
	Type        string // string, integer, number or boolean
	Schema      string // the name of its schema in the contract, or empty
	Description string
	Example     any // or nil
}

// literal writes the example in a language that has such quotes.
func (p Parameter) literal(quote func(string) string) string {
	text := fmt.Sprint(p.Example)
	if p.Type == "string" {
		return quote(text)
	}
	return text
}

// Body is what an operation is sent.
type Body struct {
	Schema    string // UserPatch
	MediaType string // the first of the contract
	// Example is the first of the contract, or nil.
	Example any

	schema *openapi3.Schema
}

// Result is what an operation answers with.
type Result struct {
	Status int
	// Schema names what callers get: the resource itself, or what the envelope holds as data.
	Schema string
	// Enveloped says that it comes as data of an envelope.
	Enveloped bool

	schema *openapi3.Schema
}

// List says how a list goes on.
type List struct {
	Item string // User
	// By is the query parameter that asks for the next page: "cursor" takes next_cursor, "after" the id of the last item
	// of a full page; empty where all items come at once.
	By string
	// Full is the most items that a page has.
	Full uint64
}

// load makes the model of a contract.
func load(source []byte) (*Model, error) {
	loader := openapi3.NewLoader()
	loader.IncludeOrigin = true
	document, err := loader.LoadFromData(source)
	if err != nil {
		return nil, fmt.Errorf("reading the contract: %w", err)
	}
	settleItems(document)
	hash := sha256.Sum256(source)
	m := &Model{Version: document.Info.Version, Hash: hex.EncodeToString(hash[:]), document: document}
	var faults []error
	for _, tag := range document.Tags {
		// What people see in a browser is no call of a program.
		if tag.Name == "pages" || tag.Name == "docs" {
			continue
		}
		n := &Namespace{Name: tag.Name, Description: tag.Description}
		n.Operations, err = operations(document, tag.Name)
		faults = append(faults, err)
		m.Namespaces = append(m.Namespaces, n)
	}
	m.findReads()
	return m, errors.Join(append(faults, m.readSchemas(), m.checkNames())...)
}

// All returns every operation.
func (m *Model) All() []*Operation {
	var all []*Operation
	for _, n := range m.Namespaces {
		all = append(all, n.Operations...)
	}
	return all
}

// operations returns those of a tag, in the order of the contract.
func operations(document *openapi3.T, tag string) ([]*Operation, error) {
	var found []*Operation
	var faults []error
	for path, item := range document.Paths.Map() {
		for method, spec := range item.Operations() {
			if !slices.Contains(spec.Tags, tag) {
				continue
			}
			o, err := operation(item, method, path, tag)
			faults = append(faults, err)
			found = append(found, o)
		}
	}
	slices.SortFunc(found, func(a, b *Operation) int { return cmp.Compare(a.line, b.line) })
	return found, errors.Join(faults...)
}

// findReads finds what reads the resource that a change with If-Match is about: updatePost and deletePost change what
// getPost reads.
func (m *Model) findReads() {
	byID := map[string]*Operation{}
	for _, o := range m.All() {
		byID[o.ID] = o
	}
	for _, o := range m.All() {
		if o.IfMatch != Absent {
			o.Read = byID["get"+afterVerb(o.ID)]
		}
	}
}

// checkNames refuses two operations of one name, and a query parameter that is named as an option of calls is.
func (m *Model) checkNames() error {
	options := []string{
		"signal", "timeout", "attemptTimeout", "maxRetryAfter", "retries", "idempotencyKey", "version", "headers",
		"onResponse",
	}
	var faults []error
	taken := map[string]string{}
	for _, o := range m.All() {
		name := o.Namespace + "." + o.Name
		if other, ok := taken[name]; ok {
			faults = append(faults, fmt.Errorf("%s: %s is %s too: name one of them with x-sdk-name", o.ID, other, name))
		}
		taken[name] = o.ID
		for _, p := range o.Query {
			if slices.Contains(options, p.Name) {
				faults = append(faults, fmt.Errorf("%s: the query parameter %s has the name of an option", o.ID, p.Name))
			}
		}
	}
	return errors.Join(faults...)
}
