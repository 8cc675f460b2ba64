#!/bin/sh
# Prints where Chromium is, or Chrome; fails where there is neither.
set -eu

for name in chromium chromium-browser google-chrome '/Applications/Chromium.app/Contents/MacOS/Chromium' \
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'; do
	command -v "$name" && exit
done
exit 1
