;; SPDX-License-Identifier: Apache-2.0 OR MIT
;; A memory without a maximum.
(module
  (memory (export "memory") 1)
  (func (export "size") (result i32) (memory.size))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "store") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
  (func (export "store_at_2g") (param i32 i32) (i32.store offset=2147483648 (local.get 0) (local.get 1))))
