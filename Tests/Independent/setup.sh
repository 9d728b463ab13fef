#!/bin/sh
# Installs the independent peers into .venv at the top of the repository. Does nothing when they are there already.
# Needs python3-venv (Debian). Prints a line only when it has something to do.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
venv=${HEARTH_VENV:-$top/.venv}
stamp=$venv/requirements.installed

# Two test runs at once must not install over each other.
mkdir -p "$venv"
exec 9> "$venv/.lock"
flock 9

if cmp -s "$here/requirements.txt" "$stamp"; then
    exit 0
fi

if ! python3 -c 'import ensurepip, venv' 2> /dev/null; then
    echo "setup.sh: python3 cannot make environments; install it: apt-get install python3-venv" >&2
    exit 1
fi

echo "Installing the independent test peers into $venv"
export PIP_DISABLE_PIP_VERSION_CHECK=1
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --requirement "$here/requirements.txt"

# The recorded devices and the fakes that play them are in the source distribution only.
sources=$venv/python-kasa
rm -rf "$sources"
mkdir -p "$sources"
"$venv/bin/pip" download --quiet --no-deps --no-binary python-kasa --dest "$sources" \
    "$(grep '^python-kasa' "$here/requirements.txt")"
tar -xzf "$sources"/python_kasa-*.tar.gz -C "$sources" --strip-components=1

cp "$here/requirements.txt" "$stamp"
