// Package post is what people write. Anyone may read a post; it is hidden when it is deleted, and while its
// author is. The content is kept as it was sent, to the last blank.
package post
