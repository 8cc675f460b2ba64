#!/bin/sh
# Makes git run pre-commit.sh before each commit. A hook that somebody has made stays as it is.
set -eu

cd "$(dirname "$0")/../.."
script=internal/tools/pre-commit.sh
line="[ ! -f $script ] || sh $script || exit"
hook=$(git rev-parse --git-path hooks/pre-commit)

if grep -qsF "$script" "$hook"; then
	echo "$hook runs $script already"
	exit
fi
# core.hooksPath is a folder that other repositories may share.
if [ -e "$hook" ] || [ -n "$(git config core.hooksPath || true)" ]; then
	printf '%s\n' "$hook is yours. Add this line to it:" '' "    $line" >&2
	exit 1
fi
mkdir -p "$(dirname "$hook")"
printf '%s\n' '#!/bin/sh' '# Written by make hooks.' "$line" >"$hook"
chmod +x "$hook"
echo "$hook runs $script; git commit --no-verify skips it"
