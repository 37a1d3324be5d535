// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Memories of ours beside wasmtime's own, in one run, round by round; prints the table of docs/wasmtime.md. Each figure is
//! the 10th percentile of the rounds.
//!
//!     compare [ROUNDS]

use std::time::Instant;
use wasmtime::{Config, Engine, Instance, InstancePre, Linker, Module, PoolingAllocationConfig, Store};
use wrtmem_wasmtime::Memories;

const PAGES: i32 = 64;

const GUEST: &str = r#"(module
  (memory (export "memory") 1 65)
  (data (i32.const 100) "hello")
  (func (export "touch") (i32.store8 (i32.const 5000) (i32.const 1)))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "compute") (param $rounds i32) (result i32) (local $i i32) (local $sum i32)
    (loop $again
      (local.set $i (i32.const 0))
      (loop $next
        (i32.store (local.get $i) (i32.add (i32.load (local.get $i)) (local.get $rounds)))
        (local.set $sum (i32.add (local.get $sum) (i32.load offset=4 (local.get $i))))
        (local.set $i (i32.add (local.get $i) (i32.const 8)))
        (br_if $next (i32.lt_u (local.get $i) (i32.const 65536))))
      (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
      (br_if $again (local.get $rounds)))
    (local.get $sum))
)"#;

struct Side {
    name: &'static str,
    engine: Engine,
    ready: InstancePre<()>,
    times: [Vec<f64>; 3],
}

fn side(name: &'static str, set: impl FnOnce(&mut Config)) -> wasmtime::Result<Side> {
    let mut config = Config::new();
    set(&mut config);
    let engine = Engine::new(&config)?;
    let ready = Linker::new(&engine).instantiate_pre(&Module::new(&engine, GUEST)?)?;
    Ok(Side { name, engine, ready, times: Default::default() })
}

fn sides() -> wasmtime::Result<Vec<Side>> {
    let slots = Memories::slots(65 << 16, 4)?;
    Ok(vec![
        side("wasmtime, on demand, copy-on-write", |_| {})?,
        side("wasmtime, on demand", |config| {
            config.memory_init_cow(false);
        })?,
        side("wasmtime, pooling, copy-on-write", |config| {
            let mut pool = PoolingAllocationConfig::default();
            pool.total_memories(4).total_core_instances(4).max_memory_size(65 << 16);
            config.allocation_strategy(pool);
        })?,
        side("wrtmem STD, guards", |config| Memories::std().install(config))?,
        side("wrtmem STD, no guards", |config| Memories::std_unguarded().install(config))?,
        side("wrtmem ALLOC", |config| Memories::alloc().install(config))?,
        side("wrtmem STATIC", |config| slots.install(config))?,
    ])
}

/// Microseconds of one instance with one byte touched, of a growth by a page, and of a pass over 64 KiB.
fn round(side: &Side) -> wasmtime::Result<[f64; 3]> {
    const INSTANCES: u32 = 20;
    const PASSES: i32 = 20;
    let start = Instant::now();
    for _ in 0..INSTANCES {
        let (mut store, instance) = open(side)?;
        instance.get_typed_func::<(), ()>(&mut store, "touch")?.call(&mut store, ())?;
    }
    let instances = start.elapsed().as_secs_f64() / f64::from(INSTANCES);

    let (mut store, instance) = open(side)?;
    let grow = instance.get_typed_func::<i32, i32>(&mut store, "grow")?;
    let start = Instant::now();
    for old in 1..=PAGES {
        assert_eq!(grow.call(&mut store, 1)?, old);
    }
    let growths = start.elapsed().as_secs_f64() / f64::from(PAGES);

    let compute = instance.get_typed_func::<i32, i32>(&mut store, "compute")?;
    compute.call(&mut store, 1)?;
    let start = Instant::now();
    compute.call(&mut store, PASSES)?;
    let passes = start.elapsed().as_secs_f64() / f64::from(PASSES);
    Ok([instances * 1e6, growths * 1e6, passes * 1e6])
}

fn open(side: &Side) -> wasmtime::Result<(Store<()>, Instance)> {
    let mut store = Store::new(&side.engine, ());
    let instance = side.ready.instantiate(&mut store)?;
    Ok((store, instance))
}

fn main() -> wasmtime::Result<()> {
    let rounds: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(201);
    let mut sides = sides()?;
    for _ in 0..rounds {
        for side in &mut sides {
            let now = round(side)?;
            for (times, time) in side.times.iter_mut().zip(now) {
                times.push(time);
            }
        }
    }
    println!("| memories | an instance, one byte touched, µs | a growth by a page, µs | a pass over 64 KiB, µs |");
    println!("|---|---|---|---|");
    for side in &mut sides {
        let mut row = format!("| {} |", side.name);
        for times in &mut side.times {
            times.sort_by(f64::total_cmp);
            row += &format!(" {:.2} |", times[times.len() / 10]);
        }
        println!("{row}");
    }
    Ok(())
}
