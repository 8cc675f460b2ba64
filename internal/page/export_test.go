package page

// ParseCursor reads a cursor of a list.
func ParseCursor(list, cursor string) (Position, error) { return parseCursor(list, cursor) }
