# SPDX-License-Identifier: GPL-2.0-or-later
# awk -v kernel=NAME -v variant=NAME -v variants="NAME..." -f oracle.awk DIFFERENCES ORACLE SUBJECT
#
# Hold what a variant said in SUBJECT against ORACLE, both as tests/guest/oracle prints
# it, with the differences permitted by DIFFERENCES. Prints a line for everything that
# is wrong and ends with 1 if anything is. VARIANTS are all that the kernels have: an
# entry for another one is a mistake. It is empty for kernels without a choice.

# matches(LIST, NAME): whether one of the comma-separated patterns in LIST is NAME
function matches(list, name,    patterns, count, i, pattern)
{
	count = split(list, patterns, ",")
	for (i = 1; i <= count; i++) {
		pattern = patterns[i]
		gsub(/\./, "\\.", pattern)
		gsub(/\*/, ".*", pattern)
		if (name ~ "^" pattern "$")
			return 1
	}
	return 0
}

function complain(text)
{
	print text
	wrong = 1
}

# rest(FIELD): the line from that field on
function rest(field,    text, i)
{
	text = $0
	for (i = 1; i < field; i++)
		sub(/^[^ ]+ +/, "", text)
	return text
}

# entry_finish(): the entry read before must have had a reason
function entry_finish()
{
	if (entry != "" && !reasoned)
		complain("differences: no reason for " entry)
	entry = ""
}

function entry_begin(    names, count, i, known)
{
	entry_finish()
	entry = $0
	reasoned = 0
	if (!matches($1, kernel))
		return
	count = split(variants, names, " ")
	known = !count
	for (i = 1; i <= count; i++)
		known = known || matches($2, names[i])
	if (!known)
		complain("differences: no such variant: " entry)
	if (!matches($2, variant))
		return
	if ($3 in listed)
		complain("differences: listed twice: " entry)
	listed[$3] = rest(4)
}

# compare(NAME): one situation
function compare(name)
{
	if (!(name in subject))
		complain(name ": missing")
	else if (!(name in listed)) {
		if (subject[name] != oracle[name])
			complain(name ": '" subject[name] "', must be '" oracle[name] "'")
	} else if (subject[name] == oracle[name])
		complain(name ": listed as a difference, but there is none")
	else if (subject[name] != listed[name])
		complain(name ": '" subject[name] "', listed as '" listed[name] "'")
}

FNR == 1 { file++ }
/^#/ || /^[ \t]*$/ { next }
file == 1 && /^[ \t]/ { reasoned = 1; next }
file == 1 { entry_begin(); next }
file == 2 { oracle[$1] = rest(2); next }
{ subject[$1] = rest(2) }

END {
	entry_finish()
	if (file != 3)
		complain("a file is empty or missing")
	for (name in oracle)
		compare(name)
	for (name in subject)
		if (!(name in oracle))
			complain(name ": not in the oracle")
	for (name in listed)
		if (!(name in oracle))
			complain("differences: no such situation: " name)
	exit wrong
}
