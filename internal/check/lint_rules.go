package check

import "slices"

// lintRules are all rules of lint. Their names without the layer are what x-lint-ignore takes.
func lintRules() []Rule {
	return slices.Concat(lintSharedRules(), lintPolicyRules(), lintShapeRules(), lintNameRules(), lintStatusRules())
}

func lintSharedRules() []Rule {
	return []Rule{
		{"lint/openapi", Error, "The document is not as the OpenAPI Specification has it; tools will read it differently."},
		{"lint/contract", Error, "The server refuses to start with this contract."},
		{"lint/ignore", Error, "x-lint-ignore must name a rule that speaks at this place, and give a reason: " +
			"{rule: reason}. What silences nothing goes."},
	}
}

func lintPolicyRules() []Rule {
	return []Rule{
		{"lint/security", Error, "An operation must say who may call it: security, [] where anyone may."},
		{"lint/rate-limit", Error, "An operation must say how often it may be called: x-rate-limit, none where it may " +
			"always."},
		{"lint/timeout", Error, "An operation must say how long it may take: x-timeout."},
		{"lint/body-limit", Error, "An operation with a body must say how large it may be: x-body-limit."},
		{"lint/idempotency-key", Error, "x-idempotent and the header parameter Idempotency-Key belong together."},
		{"lint/get-body", Error, "A body of a GET or HEAD means nothing (RFC 9110, section 9.3.1): proxies drop it."},
		{"lint/success", Error, "An operation must declare what it answers when all is well: a 2xx, or a 3xx."},
		{"lint/problem", Error, "Errors are problems (RFC 9457), application/problem+json, so that clients read them " +
			"one way."},
		{"lint/answer-header", Warning, "What an answer means without its header is half of it: 201 has Location, " +
			"304 ETag, 401 WWW-Authenticate, 429 Retry-After."},
	}
}

func lintShapeRules() []Rule {
	return []Rule{
		{"lint/description", Warning, "Operations have a summary and a description; parameters, headers, responses, tags, " +
			"schemas and properties a description: it is all that readers of the reference have."},
		{"lint/max-length", Error, "A string without maxLength lets a caller fill memory and columns. enum, const and the " +
			"formats date, date-time, time, uuid, ipv4, ipv6 and binary (which x-body-limit bounds) bound it too."},
		{"lint/max-items", Error, "An array without maxItems lets a caller make one request do any amount of work."},
		{"lint/max-properties", Error, "An object with free names, additionalProperties, has no end without maxProperties."},
		{"lint/range", Error, "A number has a minimum and a maximum, exclusive or not: else it overflows somewhere."},
		{"lint/bounds", Error, "Nothing is at least 5 and at most 3: the bounds contradict each other."},
		{"lint/open-body", Error, "A request body's objects are closed by additionalProperties: false, so that a field " +
			"that is " +
			"misspelled is refused and not lost. Where x-ignore-unknown is stated they need not be."},
		{"lint/required", Error, "A required property that the schema does not have cannot be sent in a closed object."},
		{"lint/example", Warning, "A JSON or form body, and a JSON answer that is a success, has an example, or one can " +
			"be made " +
			"of the examples, defaults and enums of its schemas: documentation and plazadev mock show it."},
		{"lint/example-invalid", Error, "An example or a default that its schema refuses misleads whoever copies it."},
	}
}

func lintNameRules() []Rule {
	return []Rule{
		{"lint/operation-id", Error, "Each operation has an operationId of its own: it names the handler, the metric " +
			"and the " +
			"function of the SDKs."},
		{"lint/verb-noun", Warning, "An operationId is a verb and a noun in camelCase, createPost; each verb belongs to " +
			"certain " +
			"methods."},
		{"lint/list", Warning, "What is named list answers with an object that has items, and nothing answers with a bare " +
			"array: neither could grow a cursor."},
		{"lint/schema-name", Warning, "Names of schemas are in PascalCase: they become types."},
		{"lint/name", Warning, "Names of properties and of parameters of path and query are in snake_case."},
		{"lint/path", Warning, "Segments of a path are in lower case with hyphens, without a slash at the end."},
		{"lint/path-parameter", Error, "What stands in braces in a path is declared as its parameter, and the other way " +
			"round."},
		{"lint/tag", Warning, "Each operation has a tag that the document declares, and each declared tag is used."},
		{"lint/unused", Warning, "A component that nothing refers to is read, reviewed and never served."},
	}
}
