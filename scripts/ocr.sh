#!/usr/bin/env bash
# Installs Tesseract with the languages that its tests read, where that is allowed; else it says why and ends with 1.
set -u

ready() { for name in chi_sim rus ukr deu fra eng; do tesseract --list-langs 2>/dev/null | grep -qx "$name" || return 1; done; }

ready && exit 0
why="no Tesseract here, and apt-get is not there or we are not root"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	log=$(mktemp)
	trap 'rm -f "$log"' EXIT
	export DEBIAN_FRONTEND=noninteractive
	{ apt-get update && apt-get install -y --no-install-recommends tesseract-ocr tesseract-ocr-{chi-sim,rus,ukr,deu,fra} fonts-noto-cjk; } >"$log" 2>&1 && ready && exit 0
	why="apt-get could not install Tesseract: $(grep -m1 '^E:' "$log" || tail -n 1 "$log")"
fi
echo "$why; tests of scanned pages are skipped. Remedy: apt-get install tesseract-ocr tesseract-ocr-chi-sim tesseract-ocr-rus" >&2
exit 1
