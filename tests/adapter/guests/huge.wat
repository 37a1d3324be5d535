;; SPDX-License-Identifier: Apache-2.0 OR MIT
;; Needs all that a 32-bit guest can have.
(module
  (memory (export "memory") 65536))
