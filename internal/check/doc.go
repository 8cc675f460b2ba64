// Package check holds the contract against everything that should agree with it: the checks behind plazadev check.
//
//	Project (a tree: contract, SQL, gen/, code)
//	   │            ┌─ lint ──────┐
//	   ├─ Contract ─┤  breaking   │
//	   ├─ Base ─────┤  sql        ├──▶ []Finding ──▶ Report ──▶ text, json, sarif, github, markdown, html
//	   └─ Migrated ─┤  …          │
//	                └─ coverage ──┘
//
// A [Layer] is one kind of drift, a file of this package and a subcommand; [Layers] lists them all.
//
// What always holds:
//   - A layer only reads the tree. What it writes goes into scratch folders and scratch databases.
//   - A finding names its rule, its place and what to do. Rules are data: each layer lists its own.
//   - A layer that could not look says so with an error, never with an empty list.
//   - Findings stand in the order of files and lines, each one once.
package check
