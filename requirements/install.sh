#!/bin/sh
# Makes a virtual environment hold one of the lists beside this script, unless it does already:
#
#     requirements/install.sh .venv local
#
# What was installed is on record in the environment's own folder `installed`: a copy of each list,
# and the interpreter. There is no such folder while pip works, so that what an interruption leaves
# behind counts for nothing, and the next call starts over.
#
# PYTHON names the interpreter. Without it, an environment keeps the one that it was made with, and
# a new one takes python3 where that will do.
set -eu

environment=$1
list=$2
lists=$(dirname "$0")
installed=$environment/installed
lock=$environment.lock
# The versions that the tests run on, and then those that may work too.
supported="3.13 3.12 3.11"
later="3.14 3.15 3.16"

fail() {
  echo "$*" >&2
  exit 1
}

identify() { # interpreter: its version and its place, the same from inside an environment
  "$1" -ISc 'import sys; print(sys.version.split()[0], sys.base_prefix)' 2>/dev/null
}

choose_python() {
  if [ -n "${PYTHON:-}" ]; then
    "$PYTHON" -c '' 2>/dev/null || fail "PYTHON=$PYTHON is not a Python interpreter that runs."
    "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
      fail "Inkling needs Python 3.11 or later; $PYTHON is $("$PYTHON" -V 2>&1)."
    echo "$PYTHON"
    return
  fi
  default=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || default=
  case " $supported " in
    *" ${default:-none} "*) order="$default $supported $later" ;;
    *) order="$supported $later" ;;
  esac
  # shellcheck disable=SC2086 # a list of words
  "$lists/find-python.sh" $order ||
    fail "Inkling needs Python 3.11 or later; python3 is ${default:-missing}. Name one: make PYTHON=/path/to/python3"
}

interpreter_is_same() {
  [ -f "$installed/interpreter" ] &&
    recorded=$(cat "$installed/interpreter") &&
    [ "$(identify "$environment/bin/python")" = "$recorded" ] &&
    { [ -z "${PYTHON:-}" ] || [ "$(identify "$PYTHON")" = "$recorded" ]; }
}

current_lists() { # those on record that still say the same: the lists agree on versions
  for copy in "$installed"/*.txt; do
    name=$(basename "$copy" .txt)
    if cmp -s "$copy" "$lists/$name.txt"; then echo "$name"; fi
  done
}

is_done() {
  interpreter_is_same && cmp -s "$lists/$list.txt" "$installed/$list.txt"
}

take_turn() { # sam builds several functions at once, and each asks for the packager's environment
  # A link is made whole, with its maker's number in it, or not at all.
  while ! ln -s $$ "$lock" 2>/dev/null; do
    if maker=$(readlink "$lock"); then
      kill -0 "$maker" 2>/dev/null || rm -f "$lock" # it was killed
    elif [ ! -w "$(dirname "$lock")" ]; then
      fail "$(dirname "$lock") can't be written to."
    fi
    sleep 1
  done
  trap 'rm -f "$lock"' EXIT
  trap 'exit 1' HUP INT TERM
}

if is_done; then exit; fi
take_turn
if is_done; then exit; fi # by who had it before

keep=
if interpreter_is_same; then
  keep=$(current_lists)
  rm -rf "$installed"
else
  python=$(choose_python)
  "$python" -c 'import ensurepip, venv' 2>/dev/null ||
    fail "$python can't make virtual environments; on Debian and Ubuntu: apt-get install python3-venv"
  echo "Making $environment with $("$python" -V)"
  rm -rf "$environment"
  "$python" -m venv "$environment" || fail "$python could not make $environment."
fi

echo "Installing requirements/$list.txt into $environment"
quiet=-q
if [ -t 1 ]; then quiet=; fi
# The lists are complete: pip has nothing to resolve.
"$environment/bin/python" -m pip install $quiet --disable-pip-version-check --no-deps \
  --require-hashes -r "$lists/$list.txt" ||
  fail "requirements/$list.txt could not be installed into $environment."

rm -rf "$installed.new"
mkdir "$installed.new"
identify "$environment/bin/python" >"$installed.new/interpreter"
for name in $keep $list; do cp "$lists/$name.txt" "$installed.new/"; done
mv "$installed.new" "$installed"
