#!/bin/sh
# Runs a command with the Node.js and the npm that internal/tools/node pins, which make installs there:
#
#	node.sh COMMAND [ARGUMENT]...
#
# Where none is pinned for a machine, its own has to do.
set -eu

modules=$(cd "$(dirname "$0")/node/node_modules" && pwd)
for binaries in "$modules/.bin" "$modules"/node-*/bin; do
	PATH=$binaries:$PATH
done
export PATH
exec "$@"
