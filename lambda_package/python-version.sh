#!/bin/sh
# Prints the version of the Python that the functions run on. template.yaml says it, once for all.
set -eu
sed -n 's/^ *Runtime: python//p' "$(dirname "$0")/../template.yaml"
