package main

import "strings"

// ofOperations names a type of options where operations are imported whole.
func ofOperations(options string) string {
	if options == "CallOptions" {
		return options
	}
	return "operations." + options
}

// What a mutation is given are the arguments of the call: nothing, the only one, or a tuple.

// positional lists the arguments that have to be given.
func positional(o *Operation) []string {
	all := parameters(o)
	if o.IfMatch != Required {
		all = all[:len(all)-1]
	}
	return all
}

func variables(o *Operation) string {
	if n := len(positional(o)); n > 1 {
		return "`[" + strings.Join(argumentNames(parameters(o)), ", ") + "]`"
	} else if n == 1 {
		return "the `" + argumentNames(positional(o))[0] + "`"
	}
	return ""
}

func variablesType(o *Operation) string {
	switch given := positional(o); len(given) {
	case 0:
		return "void"
	case 1:
		_, kind, _ := strings.Cut(given[0], ": ")
		return kind
	}
	all := parameters(o)
	last := len(all) - 1
	name, kind, _ := strings.Cut(all[last], ": ")
	all[last] = name + ": " + ofOperations(kind)
	return "[" + strings.Join(all, ", ") + "]"
}

func variablesPattern(o *Operation) string {
	switch given := positional(o); len(given) {
	case 0:
		return ""
	case 1:
		return argumentNames(given)[0]
	}
	return "[" + strings.Join(argumentNames(parameters(o)), ", ") + "]"
}

func variablesPass(o *Operation) string {
	switch given := positional(o); len(given) {
	case 0:
		return ""
	case 1:
		return ", " + argumentNames(given)[0]
	}
	return ", " + strings.Join(argumentNames(parameters(o)), ", ")
}

// argumentNames leaves the types out.
func argumentNames(typed []string) []string {
	var all []string
	for _, p := range typed {
		name, _, _ := strings.Cut(p, ":")
		all = append(all, strings.TrimSuffix(name, "?"))
	}
	return all
}
