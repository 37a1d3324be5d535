; SPDX-License-Identifier: Apache-2.0 OR MIT
;
; The axioms of cpp/core/kernel/arena.h about where slots start, proved of the product slot * stride: the negation of
; each has no model. `proofs/run` expects "unsat" twice.
(set-logic QF_NIA)
(declare-const slot Int)
(declare-const next Int)
(declare-const stride Int)

; wrt_k_start_first: a start is not negative.
(push 1)
(assert (and (<= 0 slot) (<= 0 stride)))
(assert (not (<= 0 (* slot stride))))
(check-sat)
(pop 1)

; wrt_k_start_apart: a later slot starts where an earlier one has ended.
(push 1)
(assert (and (<= 0 slot) (< slot next) (<= 0 stride)))
(assert (not (<= (+ (* slot stride) stride) (* next stride))))
(check-sat)
(pop 1)
