;; SPDX-License-Identifier: Apache-2.0 OR MIT
;; Active segments that overlap, touch both ends, or are empty; one starts where a global of the host says.
(module
  (import "env" "where" (global $where i32))
  (memory (export "memory") 1 1)
  (data (i32.const 0) "first")
  (data (i32.const 2) "SECOND")
  (data (i32.const 4) "3")
  (data (i32.const 65532) "last")
  (data (i32.const 65536) "")
  (data (global.get $where) "here"))
