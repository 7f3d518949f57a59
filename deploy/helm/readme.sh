#!/usr/bin/env bash
# Prints the chart's README: readme.head.md, then a table of values made from the comments of values.yaml.
set -euo pipefail
cd "$(dirname "$0")/rtpcluster"
cat ../readme.head.md
printf '\n## Values\n\n| Key | Default | What |\n|---|---|---|\n'
awk '
    /^ *#/ { sub(/^ *# ?/, ""); text = text == "" ? $0 : text " " $0; next }
    /^ *$/ { text = ""; next }
    {
        depth = match($0, /[^ ]/) - 1; line = substr($0, depth + 1)
        key = line; sub(/:.*/, "", key); value = line; sub(/^[^:]*: ?/, "", value)
        level = depth / 2; path[level] = key; full = path[0]; for (i = 1; i <= level; i++) full = full "." path[i]
        gsub(/\|/, "\\|", text)
        if (value == "") printf "| **%s** | | %s |\n", full, text; else printf "| `%s` | `%s` | %s |\n", full, value, text
        text = ""
    }' values.yaml
