# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# records.sh: records made up for tests of figures and pages.

# record_file KERNEL MODE UNIT: a record of the lines on standard input, each of them
# CASE OP VARIANT PAGES VA-OFFSET IOVA-ALIGN COST; a line that comes again is another sample.
# record_lab, if set, is the value of the key lab.
record_file()
{
	printf '{"record":"env","schema":3,"tool":{"name":"barmap","version":"0","revision":"r"},'
	printf '"mode":"%s","unit":"%s","kernel":{"name":"%s","release":"6.12.0",' "$2" "$3" "$1"
	printf '"version":"#1","cmdline":"nokaslr"},"machine":{"cpu":"c","hypervisor":"TCG",'
	printf '"cpus":1,"page_bytes":4096,"governor":"none","mitigations":"m",'
	printf '"memory_bytes":536870912},"iommu":{"model":"intel","page_sizes_bytes":[4096]},'
	printf '"device":{"address":"0000:00:05.0","id":"1b36:0005","bar":2,"bar_bytes":65536},'
	printf '"plan":{"profile":"quick","iterations":2,"cases":[],"variants":[],'
	printf '"sizes_bytes":[]},"sampling":{"order":"fixed","order_seed":0,"warmup":1,'
	printf '"min_time_ns":0,"repeats_max":1},"argv":["barmap"],"time":"2026-01-01T00:00:05Z"'
	printf '%s}\n' "${record_lab:+,\"lab\":$record_lab}"
	awk -v unit="$3" '{
		printf "{\"record\":\"cell\",\"case\":\"%s\",\"op\":\"%s\",\"variant\":\"%s\"," \
			"\"size_bytes\":%d,\"pages\":%d,\"va_offset_bytes\":%d," \
			"\"tables\":\"warm\",\"iova_align_bytes\":%d,\"chunk_bytes\":0," \
			"\"repeats\":1,\"unit\":\"%s\",\"order\":[%d],\"cost\":[%d]}\n",
			$1, $2, $3, $4 * 4096, $4, $5, $6, unit, NR - 1, $7
	}
	END { printf "{\"record\":\"end\",\"samples\":%d}\n", NR }'
}

# record_everything: lines for every figure there is, ten samples each
record_everything()
{
	awk 'function line(name, variant, pages, offset, cost) {
		print name, "map", variant, pages, offset, 1073741824, cost
		print name, "unmap", variant, pages, offset, 1073741824, cost / 2
	}
	function touch(variant, cost) {
		print "touch/4K", "map", variant, 16, 4096, 1073741824, cost
		print "touch/4K", "touch", variant, 16, 4096, 1073741824, 9000 - cost
	}
	BEGIN {
		count = split("follow_pfn vma_to_pfn floor", variants, " ")
		for (sample = 0; sample < 10; sample++)
			for (v = 1; v <= count; v++) {
				for (pages = 1; pages <= 16; pages *= 4) {
					line("bar/aligned/warm", variants[v], pages, 0,
						1000 * pages / v + sample)
					line("bar/4K-off/warm", variants[v], pages, 4096,
						1100 * pages / v + sample)
				}
				if (variants[v] == "floor")
					continue
				touch(variants[v], 5000 / v)
				for (n = 1; n <= 4; n *= 2)
					line("threads/" n, variants[v], 16, 0, 9000 * n / v)
			}
	}'
}
