#!/usr/bin/env bash
# Prints the path of a Chromium for tests and screenshots: the system's, Playwright's own, or Debian's, installed
# where that is allowed. Where none can be had it says why on stderr and ends with 1.
set -u
cd "$(dirname "$0")/.."

found() {
	for name in chromium chromium-browser google-chrome google-chrome-stable; do
		command -v "$name" && return 0
	done
	.venv/bin/python - 2>/dev/null <<-'PYTHON'
		import sys
		from pathlib import Path
		from playwright.sync_api import sync_playwright
		with sync_playwright() as playwright:
		    path = Path(playwright.chromium.executable_path)
		print(path) if path.is_file() else sys.exit(1)
	PYTHON
}

found && exit 0
[ "${1-}" = --find ] && exit 1
why="no Chromium here, apt-get is not there or we are not root, and Playwright cannot fetch its own"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	log=$(mktemp)
	trap 'rm -f "$log"' EXIT
	export DEBIAN_FRONTEND=noninteractive
	{ apt-get update && apt-get install -y --no-install-recommends chromium fonts-noto-cjk; } >"$log" 2>&1 && found && exit 0
	why="apt-get could not install chromium, nor Playwright fetch its own: $(grep -m1 '^E:' "$log" || tail -n 1 "$log")"
fi
timeout 300 .venv/bin/python -m playwright install chromium >/dev/null 2>&1 && found && exit 0
echo "$why; browser tests are skipped. Remedy: apt-get install chromium fonts-noto-cjk, or .venv/bin/playwright install chromium" >&2
exit 1
