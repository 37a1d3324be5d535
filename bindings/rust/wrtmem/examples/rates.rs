// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Nanoseconds a call, the tenth of a hundred rounds that interleave: a bare call, then the library's.

use std::time::Instant;
use wrtmem::{Config, Status};

const CALLS: u64 = 100_000;
const ROUNDS: usize = 100;

fn time(mut call: impl FnMut(u64)) -> f64 {
    let start = Instant::now();
    for i in 0..CALLS {
        call(i % 65000);
    }
    start.elapsed().as_nanos() as f64 / CALLS as f64
}

fn main() -> Result<(), Status> {
    let mut memory = Config::new().initial_len(65536).max_len(65536).create()?;
    let mut bytes = [0; 8];
    let mut times = vec![Vec::new(); 4];
    for _ in 0..ROUNDS {
        times[0].push(time(|_| {
            let _ = unsafe { wrtmem_sys::wrt_version() };
        }));
        times[1].push(time(|i| {
            let _ = memory.check(i, 8);
        }));
        times[2].push(time(|i| {
            let _ = memory.read(i, &mut bytes);
        }));
        times[3].push(time(|i| {
            let _ = memory.write(i, &bytes);
        }));
    }
    for (name, times) in ["bare", "check", "read", "write"].iter().zip(&mut times) {
        times.sort_by(f64::total_cmp);
        println!("Rust {} {:.1}", name, times[ROUNDS / 10]);
    }
    Ok(())
}
