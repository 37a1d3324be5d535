#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# licences.sh SOURCE: every file has a licence and an owner, as `reuse lint` sees it, and the two places where the
# texts of the licences are hold the same texts.

set -euo pipefail
command -v reuse >/dev/null || { echo "skipped: reuse is not there" && exit 77; }
cd "$1"
cmp LICENSE-APACHE LICENSES/Apache-2.0.txt
cmp LICENSE-MIT LICENSES/MIT.txt
said=$(reuse lint 2>&1)
echo "$said"
! grep -q ERROR <<<"$said"
