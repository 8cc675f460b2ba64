#!/bin/sh
# Runs every fuzz target for a while, one after the other, as go test takes only
# one at a time:
#
#	fuzz.sh TIME
#
# An input that fails is kept below the package's testdata/fuzz: commit it with the fix.
set -eu

time=$1

# Lists the names of a package's targets, each on a line, and then `ok PACKAGE`.
list=$(go test -list '^Fuzz' ./...)
targets=$(printf '%s\n' "$list" | awk '
	/^Fuzz[^ \t]*$/ { names[++count] = $1 }
	$1 == "ok" { for (i = 1; i <= count; i++) print $2, names[i]; count = 0 }
')
if [ -z "$targets" ]; then
	echo 'there are no fuzz targets'
	exit 0
fi

failed=
while read -r package target; do
	echo "$target of $package for $time"
	# Else the search stands still for a minute whenever an input is worth making smaller.
	go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 100x "$package" </dev/null || failed="$failed $target"
done <<END
$targets
END
if [ -n "$failed" ]; then
	echo "failed:$failed" >&2
	exit 1
fi
