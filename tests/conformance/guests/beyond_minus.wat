;; SPDX-License-Identifier: Apache-2.0 OR MIT
;; A segment at -1, which is the last address of 4 GiB.
(module
  (memory (export "memory") 1 1)
  (data (i32.const -1) "x"))
