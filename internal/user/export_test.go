package user

// TitleCase returns a name as it is stored.
func TitleCase(name string) string { return titleCase(name) }

// Settled returns fields as they are stored.
func Settled(f Fields) Fields { return f.settle() }
