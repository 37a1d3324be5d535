// SPDX-License-Identifier: Apache-2.0 OR MIT
module wrtmem

go 1.19
