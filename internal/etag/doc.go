// Package etag writes and reads entity tags (RFC 9110, section 8.8.3) of the form "<version>-<hash>".
//
// The version is the row's: If-Match compares it alone, so that a writer needs no particular representation.
// The hash is the representation's: two tags are equal only if the bytes are, which makes the tag strong. A
// compressed representation is another one and carries a tag that ends in -gzip.
package etag
