package check

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/httpapi"
)

// ServerOptions say which server is asked, and as whom.
type ServerOptions struct {
	// URL is where it is, as https://plaza.example or http://127.0.0.1:8080/base.
	URL string
	// Token is an access token; empty: only what anyone may ask is asked.
	Token string
	// Timeout is what one answer may take; 0: 10 s.
	Timeout time.Duration
	// Transport reaches the server; nil: as usual.
	Transport http.RoundTripper
}

// ServerLayer holds a server that runs against the contract. It reads, and sends what must be refused, of which
// nothing could have an effect even if it were not; see checkRefusals.
func ServerLayer(o ServerOptions) Layer {
	return Layer{
		Name: "server",
		Help: "Whether a server that runs follows this contract: its version, its answers, its refusals. It never writes.",
		Rules: []Rule{
			{ID: "server/contract", Severity: Error, Help: "The server follows another contract than this tree. Deploy, or " +
				"check out what is deployed."},
			{ID: "server/behaviour", Severity: Error, Help: "The server answers what its contract does not allow."},
			{ID: "server/headers", Severity: Error, Help: "A header is missing or changed that the server sends: something " +
				"between it and its callers takes it away."},
			{ID: "server/refusal", Severity: Error, Help: "The server took what it must refuse."},
			{ID: "server/ready", Severity: Error, Help: "The server says that it does not live, or is not ready."},
		},
		Run: func(ctx context.Context, p *Project) ([]Finding, error) { return runServer(ctx, p, o) },
	}
}

// deployed is what is found out about one server.
type deployed struct {
	*asker

	project *Project
	tree    *contract.Contract
	// spec is what the server's answers are held against: the contract that it says it follows where that can be had,
	// else the tree's.
	spec     *contract.Contract
	findings []Finding
	lost     map[string]string // headers that were missing, and the first operation whose answer lacked them
	absent   map[string]bool   // the operations that found nothing, or are not served here
	known    map[string]string // ids that lists have shown, by the name of the parameter
}

func runServer(ctx context.Context, p *Project, o ServerOptions) ([]Finding, error) {
	address, err := url.Parse(o.URL)
	if err != nil || address.Scheme != "http" && address.Scheme != "https" || address.Host == "" {
		return nil, fmt.Errorf("%q is no address of a server, as https://plaza.example", o.URL)
	}
	o.URL = strings.TrimSuffix(o.URL, "/")
	source, err := p.Contract()
	if err != nil {
		return nil, err
	}
	tree, err := compileContract(source) //nolint:contextcheck // nothing in it waits
	if err != nil {
		return nil, err
	}
	d := &deployed{
		asker: newAsker(o), project: p, tree: tree, spec: tree, lost: map[string]string{}, absent: map[string]bool{},
		known: map[string]string{},
	}
	defer d.close()
	for _, step := range []func(context.Context) error{d.checkLife, d.checkReads, d.checkRefusals} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	d.tellLost()
	return d.findings, nil
}

// compileContract compiles a contract as the server does. Its error is a [*Faulty].
func compileContract(source *Source) (*contract.Contract, error) {
	spec, err := contract.Load(source.Text, httpapi.Rules())
	if err == nil {
		return spec, nil
	}
	complaints := contract.Complaints(source.Document, httpapi.Rules())
	if len(complaints) == 0 {
		complaints = []contract.Complaint{{
			Line: 1, Message: "no server would start on this contract: plazadev check lint tells why",
		}}
	}
	return nil, source.faulty(complaints)
}

// tellf notes a finding about the server; pointer leads to what it is about in the contract.
func (d *deployed) tellf(rule, pointer, format string, arguments ...any) {
	d.findings = append(d.findings, Finding{
		Rule: rule, File: d.options.URL, Pointer: pointer, Message: fmt.Sprintf(format, arguments...),
	})
}

// checkLife asks whether the server lives, which contract it follows, and whether it is ready.
func (d *deployed) checkLife(ctx context.Context) error {
	r, err := d.request(ctx, http.MethodGet, "/healthz")
	if err != nil {
		return err
	}
	health, err := d.ask(ctx, r)
	if err != nil {
		return err
	}
	if to := health.header.Get("Location"); health.status/100 == 3 && to != "" {
		return fmt.Errorf("%s leads to %s: ask there", d.options.URL, to)
	}
	version := health.header.Get("X-Contract-Version")
	if version == "" && !d.isHealth(health) {
		return fmt.Errorf("no Plaza answers at %s: /healthz is %d, %s, and names no contract; give the address with the "+
			"path that its operations are below", d.options.URL, health.status, kindOf(health))
	}
	if err := d.checkContract(ctx, version); err != nil {
		return err
	}
	if health.status != http.StatusOK {
		d.tellf("server/ready", Pointer("paths", "/healthz", "get"), "/healthz answers %d: the server does not live, or "+
			"something else answers here", health.status)
	}
	if r, err = d.request(ctx, http.MethodGet, "/readyz"); err != nil {
		return err
	}
	ready, err := d.ask(ctx, r)
	if err == nil && ready.status != http.StatusOK {
		d.tellf("server/ready", Pointer("paths", "/readyz", "get"), "/readyz answers %d%s: look at what it depends on",
			ready.status, detailOf(ready))
	}
	return err
}

// isHealth tells whether an answer looks like one of /healthz, whatever headers were taken from it on its way.
func (d *deployed) isHealth(a answered) bool {
	var health struct {
		Status string `json:"status"`
	}
	return json.Unmarshal(a.body, &health) == nil && health.Status == "alive"
}

// kindOf is the media type of an answer, without its parameters.
func kindOf(a answered) string {
	kind, _, _ := strings.Cut(a.header.Get("Content-Type"), ";")
	return cmp.Or(kind, "without a media type")
}

// hold holds an answer against its operation. What a proxy adds is no fault; what it takes away is.
func (d *deployed) hold(op *contract.Operation, a answered) {
	pointer := Pointer("paths", op.Path, strings.ToLower(op.Method))
	if a.status >= http.StatusInternalServerError && op.Path != "/readyz" && op.Path != "/healthz" {
		d.tellf("server/behaviour", pointer, "%s answers %d: look into its log for request %s", op.ID, a.status, a.id)
		return
	}
	d.holdHeaders(op, a)
	mismatch, failed := errors.AsType[*contract.Mismatch](op.CheckResponse(a.request, a.status, a.header, a.body))
	if !failed {
		return
	}
	for _, fault := range mismatch.Faults {
		name, isHeader := strings.CutPrefix(fault, "header ")
		switch {
		case strings.HasSuffix(fault, "is not declared") && isHeader:
		case strings.HasSuffix(fault, " is missing") && isHeader:
			d.lose(op, strings.TrimSuffix(name, " is missing"))
		case isHeader:
			d.tellf("server/headers", pointer, "%s answers %d with a header that was changed, or is not the contract's: %s",
				op.ID, a.status, name)
		default:
			d.tellf("server/behaviour", pointer, "%s answers %d against the contract: %s", op.ID, a.status, fault)
		}
	}
}
