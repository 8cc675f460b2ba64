#!/bin/sh
# Merges what the tests covered with what the programs covered that they started,
# prints the total and fails below a minimum:
#
#	coverage.sh DIRECTORY MINIMUM
#
#	DIRECTORY/tests.out     read: go test's -coverprofile
#	DIRECTORY/programs/     read: GOCOVERDIR of started programs
#	DIRECTORY/coverage.out  written: all of it, for go tool cover
#
# Counted are cmd/ and internal/ without testkit, which is there to be used by tests.
set -eu

directory=$1
minimum=$2

: >"$directory/programs.out"
if [ -n "$(ls "$directory/programs")" ]; then
	go tool covdata textfmt -i="$directory/programs" -o="$directory/programs.out"
fi

# A profile's line is `file:from,to statements count`; a block stands there once
# for every test binary and program that has it.
awk -v module="$(go list -m)" -v minimum="$minimum" -v profile="$directory/coverage.out" '
	index($1, module "/cmd/") != 1 && index($1, module "/internal/") != 1 { next }
	index($1, module "/internal/testkit/") == 1 { next }
	{ statements[$1] = $2; if ($3 > 0) covered[$1] = 1 }
	END {
		print "mode: set" >profile
		for (block in statements) {
			print block, statements[block], block in covered >profile
			name = block
			sub("^" module "/", "", name)
			sub("/[^/]*$", "", name)
			total += statements[block]
			all[name] += statements[block]
			if (block in covered) { hit += statements[block]; some[name] += statements[block] }
		}
		if (total == 0) { print "coverage: nothing was counted"; exit 1 }
		for (name in all)
			if (some[name] * 100 < minimum * all[name])
				printf "coverage: %.1f %% of %s\n", some[name] * 100 / all[name], name
		# Rounded down, so that what is printed never looks better than what is compared.
		printf "coverage: %.1f %% of all statements, at least %s %% are wanted\n", int(hit * 1000 / total) / 10, minimum
		exit hit * 100 < minimum * total
	}
' "$directory/tests.out" "$directory/programs.out"
