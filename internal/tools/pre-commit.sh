#!/bin/sh
# The quick layers of plazadev check, on what is to be committed, where contract, SQL, SDKs or what is generated from
# them is among it. PLAZADEV names the program; without it, it is built. make hooks makes git run this.
set -eu

if git diff --cached --quiet -- openapi.yaml sqlc.yaml schema queries gen internal/sdk; then exit 0; fi

root=$(git rev-parse --show-toplevel)
cd "$root"
program=${PLAZADEV-}
if [ -z "$program" ]; then
	program=$root/.build/bin/plazadev
	# Without what git tells hooks, which is not about this build.
	(unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE && go build -o "$program" ./cmd/plazadev)
fi

# What is staged, as files: the same folder each time, so that Go finds in its cache what it has built there.
staged=$root/.build/staged
rm -rf "$staged"
mkdir -p "$staged"
trap 'rm -rf "$staged"' EXIT
trap 'exit 1' HUP INT TERM
git checkout-index --all --prefix="$staged/"
for modules in internal/sdk/node_modules internal/tools/node/node_modules; do
	if [ -d "$modules" ]; then ln -s "$root/$modules" "$staged/$modules"; fi
done

# Seen from there, git's folder is the same, and its index that of the commit: with -a, or with paths, a temporary one.
GIT_INDEX_FILE=$(realpath "$(git rev-parse --git-path index)")
GIT_DIR=$(git rev-parse --absolute-git-dir)
GIT_WORK_TREE=$staged
export GIT_INDEX_FILE GIT_DIR GIT_WORK_TREE
code=0
"$program" check --quick --root "$staged" || code=$?
if [ "$code" -ne 0 ]; then
	echo 'not committed; git commit --no-verify commits all the same' >&2
	exit "$code"
fi
