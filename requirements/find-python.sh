#!/bin/sh
# Prints the path of the first interpreter that is one of these versions, in the order given:
#
#     requirements/find-python.sh 3.13 3.12 3.11
#
# Each is run before it's believed: a pyenv shim is on the PATH, and fails, for a version that is
# installed but not selected. So pyenv's own folders are looked into as well, and uv is asked.
set -eu

is_version() { # interpreter version
  [ "$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = "$2" ]
}

for version in "$@"; do
  for name in python3 "python$version" "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".*/bin/python3; do
    if python=$(command -v "$name") && is_version "$python" "$version"; then
      echo "$python"
      exit
    fi
  done
  if python=$(uv python find --no-python-downloads "$version" 2>/dev/null) &&
    is_version "$python" "$version"; then
    echo "$python"
    exit
  fi
done
exit 1
