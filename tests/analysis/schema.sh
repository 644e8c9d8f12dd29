# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# schema.sh: records against their schema, where python3-jsonschema is installed.

# schema_checkable: whether that can be checked here
schema_checkable()
{
	python3 -c 'from jsonschema import Draft202012Validator' 2> /dev/null
}

# schema_matches FILE...: every line of every file does
schema_matches()
{
	# shellcheck disable=SC2154 # set by tap.sh
	python3 - "$srcdir/results/schema-3.json" "$@" << 'END'
import json, sys
from jsonschema import Draft202012Validator
schema = json.load(open(sys.argv[1]))
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)
for name in sys.argv[2:]:
    for line in open(name):
        validator.validate(json.loads(line))
END
}
