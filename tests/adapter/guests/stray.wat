;; SPDX-License-Identifier: Apache-2.0 OR MIT
;; Its data does not fit into its memory.
(module
  (memory (export "memory") 1)
  (data (i32.const 65533) "stray"))
