// SPDX-License-Identifier: Apache-2.0 OR MIT

// Nanoseconds a call, the tenth of a hundred rounds that interleave: a bare call, then the library's.
package main

import (
	"fmt"
	"sort"
	"time"

	"wrtmem"
)

func main() {
	const calls = 20000
	memory, err := wrtmem.New(wrtmem.Config{InitialLen: 65536, MaxLen: 65536})
	if err != nil {
		panic(err)
	}
	bytes := make([]byte, 8)
	sides := []struct {
		name string
		call func(i uint64)
	}{
		{"bare", func(uint64) { _ = wrtmem.Version() }},
		{"check", func(i uint64) { _ = memory.Check(i, 8) }},
		{"read", func(i uint64) { _ = memory.Read(i, bytes) }},
		{"write", func(i uint64) { _ = memory.Write(i, bytes) }},
	}
	times := make([][]float64, len(sides))
	for round := 0; round < 100; round++ {
		for n, side := range sides {
			start := time.Now()
			for i := uint64(0); i < calls; i++ {
				side.call(i)
			}
			times[n] = append(times[n], float64(time.Since(start).Nanoseconds())/calls)
		}
	}
	for n, side := range sides {
		sort.Float64s(times[n])
		fmt.Printf("Go %s %.1f\n", side.name, times[n][10])
	}
}
