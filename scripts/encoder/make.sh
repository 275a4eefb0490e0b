#!/bin/sh
# Makes model/ with one command; arguments go to make_model.py (--from FOLDER, --untrained, --out FOLDER ...).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
venv="$root/build/encoder-venv"
texts="$root/build/encoder-texts"

[ -x "$venv/bin/python" ] || "${PYTHON:-python3}" -m venv "$venv"
"$venv/bin/pip" install --quiet -r "$here/requirements.txt"
if ! cmp -s "$here/requirements-text.txt" "$texts/requirements-text.txt"; then
  rm -rf "$texts"
  "$venv/bin/pip" install --quiet --no-deps --no-compile --target "$texts" -r "$here/requirements-text.txt"
  cp "$here/requirements-text.txt" "$texts/"
fi
PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE=1 exec "$venv/bin/python" "$here/make_model.py" --package-texts "$texts" --content "$root/content" \
  --work "$root/build/encoder-training" --out "$root/model" "$@"
