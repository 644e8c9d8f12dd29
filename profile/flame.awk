# SPDX-License-Identifier: GPL-2.0-or-later
# flame.awk: a flame graph as one SVG file, from folded stacks.
#
#   sort FOLDED | awk -v rules=phases.txt -v title=TEXT -v subtitle=TEXT -v unit=TEXT \
#       -v roots=N -f rules.awk -f flame.awk
#
# The outermost N frames of each stack are no functions but what it is of.
# The order of the input gives neighbours with the same callers one frame. A
# frame's width is its part of the whole, with all that it calls; its colour is
# the phase that it belongs to; its title, shown where the pointer is, has name
# and value.

BEGIN {
	rules_load(rules)
	width = 1200
	margin = 12
	row_height = 17
	head_height = 62
	character = 6.65	# of the font below
	least_width = 0.2	# of a frame that is drawn
	columns = 4		# of the legend
}

{
	value = $NF + 0
	sub(/ [^ ]+$/, "")
	depth = split($0, frame, ";")
	if (value <= 0)
		next
	frames_close(common(frame, depth))
	frames_open(depth)
	total += value
}

# common: how many frames this stack shares with the one before
function common(frame, depth,  i)
{
	for (i = 1; i <= depth && i <= open_depth && frame[i] == open_name[i]; i++)
		;
	return i - 1
}

function frames_open(depth)
{
	for (; open_depth < depth; open_depth++) {
		open_name[open_depth + 1] = frame[open_depth + 1]
		open_start[open_depth + 1] = total + 0
	}
	if (depth > depth_max)
		depth_max = depth
}

# frames_close(KEEP): the frames above the first KEEP end here
function frames_close(keep)
{
	for (; open_depth > keep; open_depth--) {
		box_name[++boxes] = open_name[open_depth]
		box_depth[boxes] = open_depth
		box_start[boxes] = open_start[open_depth]
		box_value[boxes] = total - open_start[open_depth]
		box_phase[boxes] = open_depth <= roots ? "" : phase_of(open_name, open_depth)
	}
}

function escape(text)
{
	gsub(/&/, "\\&amp;", text)
	gsub(/</, "\\&lt;", text)
	gsub(/>/, "\\&gt;", text)
	gsub(/"/, "\\&quot;", text)
	return text
}

function hex(text,  i, n)
{
	for (i = 1; i <= length(text); i++)
		n = n * 16 + index("0123456789abcdef", tolower(substr(text, i, 1))) - 1
	return n
}

# Black or white, whichever reads better on the colour.
function ink(colour)
{
	return (299 * hex(substr(colour, 2, 2)) + 587 * hex(substr(colour, 4, 2)) \
		+ 114 * hex(substr(colour, 6, 2))) > 140000 ? "#000" : "#fff"
}

function quantity(number)
{
	return sprintf(number >= 100 ? "%.0f" : "%.3g", number)
}

function label(name, room,  characters)
{
	characters = int((room - 6) / character)
	if (characters < 3)
		return ""
	return length(name) <= characters ? name : substr(name, 1, characters - 2) ".."
}

function box_print(i,  x, y, w, colour, text)
{
	x = margin + box_start[i] / total * (width - 2 * margin)
	w = box_value[i] / total * (width - 2 * margin)
	if (w < least_width)
		return
	y = head_height + (depth_max - box_depth[i]) * row_height
	colour = box_phase[i] in phase_colour ? phase_colour[box_phase[i]] : "#eeeeee"
	printf "<g><title>%s: %s %s, %.2f %%</title>", escape(box_name[i]),
		quantity(box_value[i]), escape(unit), 100 * box_value[i] / total
	printf "<rect x=\"%.2f\" y=\"%d\" width=\"%.2f\" height=\"%d\" fill=\"%s\"/>", x, y, w,
		row_height - 1, colour
	text = label(box_name[i], w)
	if (text != "")
		printf "<text x=\"%.2f\" y=\"%d\" fill=\"%s\">%s</text>", x + 3, y + 12,
			ink(colour), escape(text)
	print "</g>"
}

function head_print(height)
{
	print "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" " \
		"height=\"%d\" font-family=\"DejaVu Sans Mono, monospace\" font-size=\"11\">\n",
		width, height, width, height
	printf "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n"
	printf "<text x=\"%d\" y=\"24\" font-size=\"16\" text-anchor=\"middle\" " \
		"font-family=\"DejaVu Sans, sans-serif\">%s</text>\n", width / 2, escape(title)
	printf "<text x=\"%d\" y=\"44\" text-anchor=\"middle\" fill=\"#444444\" " \
		"font-family=\"DejaVu Sans, sans-serif\">%s</text>\n", width / 2, escape(subtitle)
}

# The phases that occur, in the order of the table, in columns.
function legend_print(y,  i, key, n)
{
	for (i = 1; i <= phase_count; i++) {
		key = phase_key[i]
		if (!(key in shown))
			continue
		printf "<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"12\" fill=\"%s\"/>",
			margin + n % columns * (width - 2 * margin) / columns,
			y + int(n / columns) * 18, phase_colour[key]
		printf "<text x=\"%d\" y=\"%d\">%s</text>\n",
			margin + 18 + n % columns * (width - 2 * margin) / columns,
			y + 10 + int(n / columns) * 18, escape(phase_text[key])
		n++
	}
}

END {
	if (failed)
		exit 1
	if (!total) {
		print "barmap: flame graph: has no stacks" | "cat >&2"
		exit 1
	}
	frames_close(0)
	for (i = 1; i <= boxes; i++)
		if (box_value[i] / total * (width - 2 * margin) >= least_width)
			shown[box_phase[i]] = 1
	for (i = 1; i <= phase_count; i++)
		phases_shown += phase_key[i] in shown
	legend = head_height + depth_max * row_height + 14
	head_print(legend + int((phases_shown + columns - 1) / columns) * 18 + 8)
	for (i = 1; i <= boxes; i++)
		box_print(i)
	legend_print(legend)
	print "</svg>"
}
