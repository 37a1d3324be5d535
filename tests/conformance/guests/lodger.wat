;; SPDX-License-Identifier: Apache-2.0 OR MIT
;; Lives in the host's memory and exports it again.
(module
  (import "env" "memory" (memory $host 1))
  (export "memory" (memory $host))
  (func (export "size") (result i32) (memory.size))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "store") (param i32 i32) (i32.store8 (local.get 0) (local.get 1))))
