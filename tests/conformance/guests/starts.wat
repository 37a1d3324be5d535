;; SPDX-License-Identifier: Apache-2.0 OR MIT
;; Its start function doubles what its segment holds.
(module
  (import "env" "memory" (memory 1))
  (data (i32.const 100) "\15")
  (func $double (i32.store8 (i32.const 101) (i32.mul (i32.load8_u (i32.const 100)) (i32.const 2))))
  (start $double))
