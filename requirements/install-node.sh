#!/bin/sh
# Makes node_modules hold what package-lock.json lists, unless it does already. Development alone
# needs it: the tools that check the page's scripts, and the page in a browser.
#
# What was installed is on record inside, as a copy of the list. There is none while npm works, so
# that what an interruption leaves behind counts for nothing.
set -eu
cd "$(dirname "$0")/.."

installed=node_modules/.installed
if cmp -s package-lock.json "$installed"; then exit; fi
command -v npm >/dev/null || {
  echo "The page's scripts are checked by Node.js 18 or later, with npm; on Debian and Ubuntu: apt-get install nodejs npm" >&2
  exit 1
}
echo "Installing package-lock.json into node_modules"
npm ci --silent || {
  echo "package-lock.json could not be installed into node_modules." >&2
  exit 1
}
cp package-lock.json "$installed"
