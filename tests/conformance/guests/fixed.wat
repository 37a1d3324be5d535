;; SPDX-License-Identifier: Apache-2.0 OR MIT
;; A memory whose minimum is its maximum.
(module
  (memory (export "memory") 1 1)
  (func (export "size") (result i32) (memory.size))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
