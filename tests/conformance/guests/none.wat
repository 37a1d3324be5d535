;; SPDX-License-Identifier: Apache-2.0 OR MIT
;; A memory that can never have a page.
(module
  (memory (export "memory") 0 0)
  (func (export "size") (result i32) (memory.size))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0))))
