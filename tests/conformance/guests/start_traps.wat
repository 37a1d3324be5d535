;; SPDX-License-Identifier: Apache-2.0 OR MIT
;; Its start function stores, then reaches outside.
(module
  (import "env" "memory" (memory 1))
  (data (i32.const 200) "data")
  (func $stray
    (i32.store8 (i32.const 210) (i32.const 7))
    (i32.store8 (i32.const -1) (i32.const 7)))
  (start $stray))
