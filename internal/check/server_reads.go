package check

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/plaza-api/plaza/internal/cache"
	"github.com/plaza-api/plaza/internal/contract"
	"github.com/plaza-api/plaza/internal/example"
)

// checkReads asks for all that may be read, and looks at how: again with its entity tag, without its body, compressed.
func (d *deployed) checkReads(ctx context.Context) error {
	var tagged, whole, large *answered
	operations := map[*answered]*contract.Operation{}
	for _, op := range d.reads() {
		r, err := d.exampleOf(ctx, op, d.known)
		if err != nil {
			return err
		}
		a, err := d.ask(ctx, r)
		if err != nil {
			return err
		}
		if a.status == http.StatusUnauthorized && r.Header.Get("Authorization") != "" {
			return fmt.Errorf("%s does not take the token%s: get another one", d.options.URL, detailOf(a))
		}
		d.hold(op, a)
		d.learn(op, a)
		d.absent[op.ID] = a.status == http.StatusNotFound
		if a.status != http.StatusOK {
			continue
		}
		operations[&a] = op
		whole = cmp.Or(whole, &a)
		if a.header.Get("ETag") != "" {
			tagged = cmp.Or(tagged, &a)
		}
		if len(a.body) > cache.CompressFrom {
			large = cmp.Or(large, &a)
		}
	}
	for _, look := range []struct {
		at   *answered
		with func(context.Context, *contract.Operation, answered) error
	}{{tagged, d.checkConditional}, {whole, d.checkHead}, {large, d.checkCompression}} {
		if look.at == nil {
			continue
		}
		if err := look.with(ctx, operations[look.at], *look.at); err != nil {
			return err
		}
	}
	return nil
}

// reads are the operations that read and that may be called: lists come before what they list.
func (d *deployed) reads() []*contract.Operation {
	var reads []*contract.Operation
	for _, op := range d.spec.Operations {
		if op.Method == http.MethodGet && (op.Policy.Security.Anonymous || d.options.Token != "") {
			reads = append(reads, op)
		}
	}
	slices.SortStableFunc(reads, func(a, b *contract.Operation) int {
		return cmp.Compare(strings.Count(a.Path, "{"), strings.Count(b.Path, "{"))
	})
	return reads
}

// exampleOf is the example of an operation, with other values of parameters of the path where there are any, as whoever
// the token is for.
func (d *deployed) exampleOf(
	ctx context.Context, op *contract.Operation, values map[string]string,
) (*http.Request, error) {
	r, err := example.Request(ctx, d.spec, op, d.options.URL, values)
	if err != nil {
		return nil, fmt.Errorf("the contract's examples: %w", err)
	}
	if !op.Policy.Security.Anonymous && d.options.Token != "" {
		r.Header.Set("Authorization", "Bearer "+d.options.Token)
	}
	return r, nil
}

// learn takes the id of the first item of a list, for the operations that read one of it.
func (d *deployed) learn(list *contract.Operation, a answered) {
	var page struct {
		Data struct {
			Items []struct {
				ID json.RawMessage `json:"id"`
			} `json:"items"`
		} `json:"data"`
	}
	if json.Unmarshal(a.body, &page) != nil || len(page.Data.Items) == 0 {
		return
	}
	id := strings.Trim(string(page.Data.Items[0].ID), `"`)
	if id == "" || id == "null" {
		return
	}
	for _, op := range d.spec.Operations {
		name, below := strings.CutPrefix(op.Path, list.Path+"/{")
		if name, whole := strings.CutSuffix(name, "}"); below && whole && !strings.Contains(name, "}") {
			d.known[name] = id
		}
	}
}

// checkConditional asks again for what has not changed (RFC 9110, section 13.1.2).
func (d *deployed) checkConditional(ctx context.Context, op *contract.Operation, a answered) error {
	r := a.request.Clone(ctx)
	r.Header.Set("If-None-Match", a.header.Get("ETag"))
	again, err := d.ask(ctx, r)
	if err != nil {
		return err
	}
	if again.status == http.StatusOK && again.header.Get("ETag") != a.header.Get("ETag") {
		return nil // it has changed meanwhile
	}
	if again.status != http.StatusNotModified {
		d.tellf("server/behaviour", operationPointer(op), "%s answers %d to If-None-Match with its own ETag, which wants "+
			"304: one of the two is changed on the way", op.ID, again.status)
		return nil
	}
	d.hold(op, again)
	return nil
}

// checkHead asks for the header alone.
func (d *deployed) checkHead(ctx context.Context, op *contract.Operation, a answered) error {
	r := a.request.Clone(ctx)
	r.Method = http.MethodHead
	head, err := d.ask(ctx, r)
	if err != nil {
		return err
	}
	if head.status != a.status {
		d.tellf("server/behaviour", operationPointer(op), "%s answers HEAD with %d, and GET with %d: HEAD works wherever "+
			"GET does", op.ID, head.status, a.status)
		return nil
	}
	d.hold(op, head)
	return nil
}

// checkCompression asks for something large: what may be compressed must say so to caches.
func (d *deployed) checkCompression(ctx context.Context, op *contract.Operation, a answered) error {
	r := a.request.Clone(ctx)
	r.Header.Set("Accept-Encoding", "gzip")
	compressed, err := d.ask(ctx, r)
	if err != nil {
		return err
	}
	if compressed.header.Get("Content-Encoding") == "" && bytes.HasPrefix(compressed.body, []byte("\x1f\x8b")) {
		d.lose(op, "Content-Encoding")
		return nil
	}
	if !strings.Contains(strings.ToLower(strings.Join(compressed.header.Values("Vary"), ",")), "accept-encoding") {
		d.lose(op, "Vary")
	}
	d.hold(op, compressed)
	return nil
}
