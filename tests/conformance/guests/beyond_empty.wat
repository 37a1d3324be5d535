;; SPDX-License-Identifier: Apache-2.0 OR MIT
;; An empty segment one past the end.
(module
  (memory (export "memory") 1 1)
  (data (i32.const 65537) ""))
