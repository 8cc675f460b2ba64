#!/bin/sh
# Installs what is needed and missing:
#
#	install.sh [postgresql] [pgbouncer] [redis] [compiler] [node] [chromium] [git]
#
# as root or through a sudo that asks for no password with apt-get, on macOS with
# brew. Where it may not, it prints the one command to run and fails.
set -eu

# The oldest major version that Plaza's SQL runs on.
oldest=15

has_postgresql() {
	# Where `plaza serve` looks too: PATH, Debian's packages, Homebrew, PGDG's RPMs.
	found=$(
		IFS=:
		for directory in $PATH /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql@*/bin \
			/usr/local/opt/postgresql@*/bin /home/linuxbrew/.linuxbrew/opt/postgresql@*/bin /usr/pgsql-*/bin; do
			[ -x "$directory/initdb" ] && [ -x "$directory/postgres" ] || continue
			"$directory/postgres" --version
		done | sed -n 's/.*(PostgreSQL) \([0-9]*\).*/\1/p' | sort -n | tail -n 1
	)
	[ "${found:-0}" -ge "$oldest" ]
}

has_pgbouncer() {
	# Debian's place is not on everyone's PATH.
	command -v pgbouncer >/dev/null || [ -x /usr/sbin/pgbouncer ]
}

has_redis() {
	command -v redis-server >/dev/null || command -v valkey-server >/dev/null
}

# The race detector needs a C compiler with the headers of the C library.
has_compiler() {
	# Unquoted, as CC may hold options.
	# shellcheck disable=SC2046
	echo '#include <stdlib.h>' | $(go env CC) -E - >/dev/null 2>&1
}

# 18 is enough to install the Node.js that internal/tools/node pins.
has_node() {
	command -v npm >/dev/null && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 18 ]
}

has_chromium() {
	sh "$(dirname "$0")/chromium.sh" >/dev/null
}

has_git() {
	command -v git >/dev/null
}

stop() {
	printf '%s\n' "$@" >&2
	exit 1
}

install_with_brew() {
	case " $missing " in *" compiler "*)
		stop 'A C compiler is missing. Run this, then try again:' '' '    xcode-select --install' '' ;;
	esac
	command -v brew >/dev/null || stop "Missing:$missing. Install it (PostgreSQL $oldest or newer; PgBouncer; Redis or Valkey; Node.js 18 or newer with npm; Chromium; git), or Homebrew (https://brew.sh)."
	packages=
	for need in $missing; do
		case $need in
		postgresql) packages="$packages postgresql@17" ;;
		pgbouncer) packages="$packages pgbouncer" ;;
		redis) packages="$packages redis" ;;
		node) packages="$packages node" ;;
		chromium) packages="$packages google-chrome" ;;
		git) packages="$packages git" ;;
		esac
	done
	# Unquoted, as they are several.
	# shellcheck disable=SC2086
	brew install $packages
}

install_with_apt() {
	packages=
	for need in $missing; do
		case $need in
		postgresql) packages="$packages postgresql" ;;
		pgbouncer) packages="$packages pgbouncer" ;;
		redis) packages="$packages redis-server" ;;
		compiler) packages="$packages gcc libc6-dev" ;;
		node) packages="$packages nodejs npm" ;;
		chromium) packages="$packages chromium" ;;
		git) packages="$packages git" ;;
		esac
	done
	command="apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends$packages"

	if [ "$(id -u)" -eq 0 ]; then
		sh -c "$command"
	elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
		sudo -n sh -c "$command"
	elif command -v sudo >/dev/null; then
		stop 'That needs root. Run this, then try again:' '' "    sudo sh -c '$command'" ''
	else
		stop 'That needs root. Run this, then try again:' '' "    su - -c '$command'" ''
	fi
}

missing=
for need in "$@"; do
	"has_$need" || missing="$missing $need"
done
[ -n "$missing" ] || exit 0
echo "Not installed yet:$missing" >&2

if [ "$(uname)" = Darwin ]; then
	install_with_brew
elif command -v apt-get >/dev/null; then
	install_with_apt
else
	stop "Missing:$missing. Install it (PostgreSQL $oldest or newer; PgBouncer; Redis or Valkey; a C compiler; Node.js 18 or newer with npm; Chromium; git), then try again."
fi

for need in $missing; do
	"has_$need" || stop "The $need that was installed does not do: PostgreSQL has to be $oldest or newer" \
		'(https://www.postgresql.org/download/), pgbouncer and redis-server or valkey-server on the PATH, a C compiler needs the headers of the C library, Node.js has to be 18' \
		'or newer.'
done
