# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# diagnostics.sh: what compilers and checkers say about a kernel tree, and what
# of it is new.

# diagnostics_new BASE_LOG LOG TREE: print what is said in LOG more often than in
# BASE_LOG. Positions do not count, since changes elsewhere move them; nor how
# often a header is complained of, since that depends on what was compiled.
diagnostics_new()
{
	awk -v tree="$3/" '
	function key(line) {
		if (index(line, tree) == 1)
			line = substr(line, length(tree) + 1)
		gsub(/(:[0-9]+)+:/, ":", line)
		gsub(/\+0x[0-9a-f]+/, "", line)
		return line
	}
	function count(number, of) {
		return of ~ /^[^:]*\.h:/ && number > 1 ? 1 : number
	}
	!/: (warning|error|fatal error): |: \((WARNING|ERROR|SEVERE)\/[0-9]\) / { next }
	FILENAME == ARGV[1] { known[key($0)]++; next }
	{ said[key($0)]++; text[key($0)] = text[key($0)] $0 "\n" }
	END {
		for (k in said)
			if (count(said[k], k) > count(known[k] + 0, k))
				printf "%s", text[k]
	}' "$1" "$2" | sort -u
}

# compile_errors LOG: print why make failed
compile_errors()
{
	grep -E ': (fatal )?error: ' "$1" || grep -F ' *** ' "$1" || echo "make failed: see $1"
}

# kernel_doc TREE FILE...: print what kernel-doc says about the C files and headers
# of FILE... that are there; a file without kernel-doc comments is not at fault
kernel_doc()
{
	local tree=$1 file

	shift
	for file; do
		[[ $file = *.[ch] ]] && [ -e "$tree/$file" ] || continue
		(cd "$tree" && scripts/kernel-doc -none "$file" 2>&1) || true
	done | sed '/no structured comments found/d'
}

# rst_check TREE FILE...: print what docutils says about the .rst files of FILE...
# that are there, except that it does not know what Sphinx adds
rst_check()
{
	local tree=$1 file

	shift
	for file; do
		[[ $file = *.rst ]] && [ -e "$tree/$file" ] || continue
		(cd "$tree" && rst2pseudoxml --report=2 --halt=5 "$file" 2>&1 >/dev/null) || true
	done | sed -E '/Unknown (directive type|interpreted text role)|No (directive|role) entry/d'
}

# drift_near PATCH...: print the lines that stand beside a change in one of them
drift_near()
{
	awk '
	/^@@ / { inside = 1; before = ""; next }
	/^(diff|-- $)/ { inside = 0 }
	!inside { next }
	/^[-+]/ && before ~ /^ / { print substr(before, 2) }
	/^ / && before ~ /^[-+]/ { print substr($0, 2) }
	{ before = $0 }' "$@"
}

# drift_edit EDIT FILE NEAR: change FILE as scripts/check-patches says, by the diff on
# standard input: "lines", or "lines" and "context", but for the lines in the file NEAR
drift_edit()
{
	local edited=$2.drift

	awk -v edit="$1" '
	FILENAME == ARGV[1] { near[$0]; next }
	FILENAME == "-" {
		if (/^@@ /) {
			split($2, range, /[-,]/)
			line = range[2] + 0
			if (!moved && line > 1) moved = line
			lead = 1
		}
		else if (lead && /^ /) {
			if (lead == 1 && !(substr($0, 2) in near)) outermost = line
			if (++lead > 3 && edit == "context" && outermost == line) changed[line] = 1
		}
		else lead = 0
		next
	}
	FNR == moved { for (i = 0; i < 40; i++) print "/* moved */" }
	{ print (FNR in changed) ? $0 " /* changed */" : $0 }
	' "$3" - "$2" > "$edited"
	mv "$edited" "$2"
}
