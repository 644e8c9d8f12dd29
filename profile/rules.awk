# SPDX-License-Identifier: GPL-2.0-or-later
# rules.awk: functions that read phases.txt, for the other awk programs here;
# awk -f rules.awk -f PROGRAM.awk.

# rules_load(FILE): sets phase_count, phase_key[1..], phase_colour[KEY],
# phase_text[KEY], and what phase_of() needs
function rules_load(file,  line, field, status)
{
	while ((status = (getline line < file)) > 0) {
		sub(/#[^0-9a-fA-F].*$|#$/, "", line)
		if (split(line, field, " ") == 0)
			continue
		if (field[1] == "phase")
			rules_phase(line, field)
		else if ((field[1] == "rule" || field[1] == "self") && field[4] in phase_text)
			rules_rule(field)
		else
			rules_refuse(file, line)
	}
	if (status < 0 || !phase_count)
		rules_refuse(file, "")
	close(file)
}

function rules_refuse(file, line)
{
	printf "barmap: phases '%s': cannot be read%s\n", file,
		line == "" ? "" : ": " line | "cat >&2"
	close("cat >&2")
	failed = 1
	exit 1
}

function rules_phase(line, field)
{
	phase_key[++phase_count] = field[2]
	phase_colour[field[2]] = field[3]
	sub(/^[^#]*#[0-9a-fA-F]+ +/, "", line)
	phase_text[field[2]] = line
}

# A symbol that ends in "*" stands for all that begin so.
function rules_rule(field)
{
	if (field[1] == "self") {
		self_phase[field[2], field[3]] = field[4]
	} else if (sub(/\*$/, "", field[2])) {
		prefix[++prefix_count] = field[2]
		prefix_phase[prefix_count] = field[4]
	} else {
		rule_phase[field[2], field[3]] = field[4]
	}
}

# frame_phase(SYMBOL, CALLER, INNERMOST): the key of the phase that a rule gives,
# or ""
function frame_phase(symbol, caller, innermost,  i)
{
	if (innermost && (symbol, caller) in self_phase)
		return self_phase[symbol, caller]
	if (innermost && (symbol, "*") in self_phase)
		return self_phase[symbol, "*"]
	if ((symbol, caller) in rule_phase)
		return rule_phase[symbol, caller]
	if ((symbol, "*") in rule_phase)
		return rule_phase[symbol, "*"]
	for (i = 1; i <= prefix_count; i++)
		if (index(symbol, prefix[i]) == 1)
			return prefix_phase[i]
	return ""
}

# phase_of(FRAME, DEPTH): the phase of the stack FRAME[1..DEPTH], outermost
# first: that of the innermost frame that has a rule
function phase_of(frame, depth,  i, phase)
{
	for (i = depth; i >= 1; i--) {
		phase = frame_phase(frame[i], i > 1 ? frame[i - 1] : "", i == depth)
		if (phase != "")
			return phase
	}
	return "other"
}
