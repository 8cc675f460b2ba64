package user

// Settled returns fields as they are stored.
func Settled(f Fields) Fields { return f.settle() }
