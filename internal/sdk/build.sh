#!/bin/sh
# Builds the npm package from gen/typescript and packs it:
#
#	.build/sdk/package/           its directory, with dist: ES modules, CommonJS, types and source maps
#	.build/sdk/plaza-client.tgz   what npm would publish
#
# Every source becomes a file of its own, so that bundlers leave out what is not imported and the entries share the
# rest; a compiler is all that it takes.
set -eu

cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
package=$root/.build/sdk/package

rm -rf "$package"
mkdir -p "$package"
cp -R "$root/gen/typescript/." "$root/LICENSE" "$package"
# Where the compiler looks for the optional peers, and the tests for the package.
ln -sfn "$PWD/node_modules" "$root/.build/sdk/node_modules"
mkdir -p node_modules/@plaza
ln -sfn "$package" node_modules/@plaza/client

node node_modules/typescript-7/bin/tsc -p tsconfig.json
node node_modules/typescript-7/bin/tsc -p tsconfig.cjs.json
# The types of one say what those of the other would: package.json tells which of the two a file is.
(cd "$package/dist/esm" && find . -name '*.d.ts' | tar -cf - -T -) | tar -xf - -C "$package/dist/cjs"
echo '{"type": "commonjs"}' >"$package/dist/cjs/package.json"

npm pack --silent --pack-destination "$root/.build/sdk" "$package" >/dev/null
mv "$root"/.build/sdk/plaza-client-*.tgz "$root/.build/sdk/plaza-client.tgz"
echo 'packed .build/sdk/plaza-client.tgz'
