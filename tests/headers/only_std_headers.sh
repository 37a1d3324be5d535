#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# only_std_headers.sh HEADER: it includes <stddef.h> and <stdint.h>, and nothing else.

found=$(sed -n 's/^ *# *include *//p' "$1")
wanted='<stddef.h>
<stdint.h>'
[ "$found" = "$wanted" ] && exit 0
echo "$1 includes:"
echo "$found"
exit 1
