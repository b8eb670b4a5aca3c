# Sourced by run and test: sets PYTHON to a Python 3.11, the project's own if it is there, and goes to the checkout.
export CALLED_FROM=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

find_python() {
  local candidate
  for candidate in .venv/bin/python python3.11 /usr/bin/python3.11 /usr/local/bin/python3.11 python3 python; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
      PYTHON=$candidate
      return 0
    fi
  done
  echo 'Cần Python 3.11. Trên Debian hoặc Ubuntu: sudo apt install python3.11 python3.11-venv' >&2
  echo 'Python 3.11 is needed. On Debian or Ubuntu: sudo apt install python3.11 python3.11-venv' >&2
  return 1
}

find_python || exit 1
