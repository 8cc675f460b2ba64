package main

import "strings"

// ofOperations names a type of options where operations are imported whole.
func ofOperations(options string) string {
	if options == "CallOptions" {
		return options
	}
	return "operations." + options
}

// What a mutation is given are the arguments of the call in a tuple, or alone where it needs only one.

// positional lists the arguments that have to be given.
func positional(o *Operation) []string {
	all := parameters(o)
	if o.IfMatch != Required {
		all = all[:len(all)-1]
	}
	return all
}

// variables says for people what a mutation is given.
func variables(o *Operation) string {
	switch given := argumentNames(positional(o)); len(given) {
	case 0:
		return ""
	case 1:
		return "the `" + given[0] + "`, or `[" + given[0] + ", options]`"
	}
	return "`[" + strings.Join(argumentNames(parameters(o)), ", ") + "]`"
}

// variablesType is the type of that.
func variablesType(o *Operation) string {
	switch given := positional(o); len(given) {
	case 0:
		return "void | " + variablesTuple(o)
	case 1:
		_, kind, _ := strings.Cut(given[0], ": ")
		return kind + " | " + variablesTuple(o)
	}
	return variablesTuple(o)
}

// variablesTuple is the type of a call's arguments.
func variablesTuple(o *Operation) string {
	all := parameters(o)
	last := len(all) - 1
	name, kind, _ := strings.Cut(all[last], ": ")
	all[last] = name + ": " + ofOperations(kind)
	return "[" + strings.Join(all, ", ") + "]"
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
