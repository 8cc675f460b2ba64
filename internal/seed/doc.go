// Package seed fills a database with people who could exist, their addresses and their posts.
//
//	reserve ids ──▶ users ──▶ indexes, user_tags ──▶ addresses ──▶ posts ──commit──▶ ANALYZE
//
// What always holds:
//
//   - The same seed on an empty database gives the same rows, byte for byte, whatever the clock says. A further
//     run adds people: ids go on, and e-mail addresses contain them.
//   - All of a run is there, or nothing.
//   - Rows are streamed with COPY: a million people take no more memory here than a thousand.
//   - PostgreSQL checks every constraint.
//   - Of the people of a run the 50 oldest alone are founders, by tag, name and e-mail address, and only among
//     the oldest are suspended ones: matches for which a list that begins with the newest has to go far.
package seed
