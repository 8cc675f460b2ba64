// Package cache keeps in memory what reads answer, encoded, so that a hit writes bytes.
//
// An entry is dropped once the write that made it stale is committed, and before that write is answered: whoever has
// written reads what they wrote. What is dropped while it is read is read again. Of many who miss the same entry at
// once one
// reads it.
package cache
