# Shared by the commands: find a Python and start a module of scripts/lib with it.
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)

find_python() {
  local name
  for name in ${PORTAL_PYTHON:-} python3 python3.13 python3.12 python3.11; do
    if command -v "$name" >/dev/null 2>&1 &&
      "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  echo "Python 3.11 or later is needed: apt-get install python3 python3-venv (Debian 12, Ubuntu 24.04 or later)." >&2
  return 1
}

start() {
  local python
  python=$(find_python) || exit 1
  export PYTHONPATH="$top${PYTHONPATH:+:$PYTHONPATH}"
  export PYTHONUNBUFFERED=1
  exec "$python" -m "$@"
}
