package cache

import (
	"bytes"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// CompressFrom is the size in bytes from which a body is worth compressing.
const CompressFrom = 1000

// Entry is an encoded resource. One without a Body says that there is none.
type Entry struct {
	Body []byte
	Tag  string // its entity tag

	compressed *compressed // nil where it is not kept, or small
}

// compressed is the compressed form of a body, once somebody has asked for it.
type compressed struct {
	once sync.Once
	body []byte
}

// Gzip returns the body in gzip. The same body gives the same bytes; those of what is kept are made once.
func (e Entry) Gzip() []byte {
	if e.compressed == nil {
		return compress(e.Body)
	}
	e.compressed.once.Do(func() { e.compressed.body = compress(e.Body) })
	return e.compressed.body
}

// kept is the entry as it is kept: with room for the compressed form.
func (e Entry) kept() Entry {
	if len(e.Body) >= CompressFrom && e.compressed == nil {
		e.compressed = &compressed{}
	}
	return e
}

// weight is what the entry takes in memory, roughly, with the compressed form whether or not it was asked for.
func (e Entry) weight() int {
	if e.compressed != nil {
		return 2*len(e.Body) + overhead // the one is no larger than the other
	}
	return len(e.Body) + overhead
}

var writers = sync.Pool{New: func() any { //nolint:gochecknoglobals // they are large
	w, _ := gzip.NewWriterLevel(nil, gzip.BestCompression) // there is such a level
	return w
}}

func compress(body []byte) []byte {
	var to bytes.Buffer
	w, _ := writers.Get().(*gzip.Writer)
	w.Reset(&to)
	_, _ = w.Write(body) // a buffer takes all
	_ = w.Close()
	writers.Put(w)
	return bytes.Clone(to.Bytes())
}
