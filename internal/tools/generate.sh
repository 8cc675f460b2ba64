#!/bin/sh
# Writes gen/ from openapi.yaml, schema/, queries/ and internal/sdk. With --to DIRECTORY, an empty one, it makes gen/
# there, and writes nothing in the tree: plazadev check generated holds the two against each other.
#
# Everything is made in a scratch directory first: an error leaves gen/ as it was,
# and files of queries that are gone go with the folder that held them.
set -eu

cd "$(dirname "$0")/../.."
root=$PWD

if [ "${1-}" = --to ]; then
	scratch=$2
else
	mkdir -p .build
	scratch=$(mktemp -d "$root/.build/generate.XXXXXX")
	trap 'rm -rf "$scratch"' EXIT
	trap 'exit 1' HUP INT TERM
fi

cp -R openapi.yaml sqlc.yaml schema queries "$scratch"
mkdir -p "$scratch/gen/contract" "$scratch/gen/api" "$scratch/gen/db"
cp openapi.yaml "$scratch/gen/contract/openapi.yaml"
cp internal/tools/contract.go.txt "$scratch/gen/contract/contract.go"
(
	# The generators read and write below the directory that they run in, where go finds no module to take them from.
	cd "$scratch"
	tool() {
		program=$(go -C "$root" tool -modfile=internal/tools/go.mod -n "$1")
		shift
		"$program" "$@"
	}
	go -C "$root/internal/tools" run ./ordered <openapi.yaml >ordered.yaml
	tool oapi-codegen -config "$root/internal/tools/types.yaml" ordered.yaml
	tool oapi-codegen -config "$root/internal/tools/server.yaml" ordered.yaml
	tool sqlc generate
	sh "$root/internal/tools/node.sh" node "$root/internal/sdk/assemble.js" openapi.yaml gen/typescript
	go -C "$root" run ./internal/sdk/generate "$scratch/openapi.yaml" "$scratch/gen"
	tool oapi-codegen -config "$root/internal/tools/client.yaml" gen/client/types.json
	# Without the comment on the package, which doc.go has.
	{ sed -n 3p types.gen.go && echo && sed 1,3d types.gen.go; } >gen/client/types.gen.go
	rm gen/client/types.json
	cp "$root"/internal/sdk/go/* "$root/LICENSE" gen/client
)

if [ "${1-}" = --to ]; then exit 0; fi

mkdir -p gen "$scratch/old"
for new in "$scratch"/gen/*; do
	name=$(basename "$new")
	# A folder that did not change keeps its files and their times.
	if diff -r "gen/$name" "$new" >/dev/null 2>&1; then continue; fi
	if [ -e "gen/$name" ]; then mv "gen/$name" "$scratch/old/$name"; fi
	mv "$new" "gen/$name"
	echo "gen/$name is new"
done
