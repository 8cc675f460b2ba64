// Package page is what all lists have in common: pages by number, pages by cursor, and totals that cost no full
// count per request.
//
// A list is ordered by one column and the id. A cursor is the place of the last row that was seen (keyset
// paging), bound to the list, its filter and its order; whoever forges one gets a place, and nothing more. A
// page by number skips rows from the start, and so reaches Reach rows only.
package page
