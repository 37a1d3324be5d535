// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Memories of many threads.

use proptest::prelude::*;
use std::alloc::System;
use std::thread::{scope, sleep, yield_now};
use std::time::{Duration, Instant};
use wrtmem::{AtomicOp, Config, Pool, SharedMemory, Status, Tier, Verify, WaitResult};

/// Runs a test on a shared memory of each tier, 100 bytes long and 4096 at most.
fn on_each_tier(test: impl Fn(&SharedMemory<'_>)) {
    let mut storage = vec![0; Pool::storage_len(4096, 2).unwrap()];
    let pool = Pool::new(&mut storage, 4096).unwrap();
    let of = |tier| Config::new().tier(tier).initial_len(100).max_len(4096);
    for config in [of(Tier::Std), of(Tier::Alloc).allocator(&System), of(Tier::Static).pool(&pool)] {
        test(&config.create_shared().unwrap());
    }
    assert_eq!(pool.info().unwrap().used, 0);
}

#[test]
fn additions_of_many_threads_all_count() {
    on_each_tier(|memory| {
        scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..1000 {
                        memory.atomic_rmw(8, AtomicOp::Add, 1_u64).unwrap();
                        loop {
                            let old: u32 = memory.atomic_load(16).unwrap();
                            if memory.atomic_cmpxchg(16, old, old + 1).unwrap() == old {
                                break;
                            }
                        }
                    }
                });
            }
        });
        assert_eq!(memory.atomic_load::<u64>(8), Ok(4000));
        assert_eq!(memory.atomic_load::<u32>(16), Ok(4000));
    });
}

#[test]
fn growths_of_many_threads_all_count_and_readers_see_whole_lengths() {
    on_each_tier(|memory| {
        let base = unsafe { (*memory.view().unwrap()).base };
        scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..100 {
                        let old = memory.grow(9).unwrap();
                        memory.write(old, &[7; 9]).unwrap();
                        assert_eq!((memory.len().unwrap() - 100) % 9, 0);
                    }
                });
            }
        });
        assert_eq!(memory.len(), Ok(3700));
        let mut bytes = vec![0; 3600];
        memory.read(100, &mut bytes).unwrap();
        assert!(bytes.iter().all(|&byte| byte == 7));
        assert_eq!(memory.grow(397), Err(Status::LIMIT));
        assert_eq!(unsafe { (*memory.view().unwrap()).base }, base);
    });
}

#[test]
fn a_thread_that_waits_is_woken() {
    on_each_tier(|memory| {
        scope(|scope| {
            let waiting = scope.spawn(|| memory.wait(0, 0_u32, None).unwrap());
            let start = Instant::now();
            while memory.notify(0, 5).unwrap() == 0 {
                assert!(start.elapsed() < Duration::from_secs(60), "nobody came to wait");
                yield_now();
            }
            assert_eq!(waiting.join().unwrap(), WaitResult::Woken);
        });
        assert_eq!(memory.notify(0, 5), Ok(0));
    });
}

#[test]
fn a_wait_ends_at_once_where_something_else_is_and_in_time_where_nobody_wakes() {
    on_each_tier(|memory| {
        assert_eq!(memory.wait(8, 1_u64, None), Ok(WaitResult::NotEqual));
        let start = Instant::now();
        assert_eq!(memory.wait(8, 0_u64, Some(Duration::from_millis(5))), Ok(WaitResult::TimedOut));
        assert!(start.elapsed() >= Duration::from_millis(5));
        assert_eq!(memory.wait(2, 0_u32, None), Err(Status::MISALIGNED));
        assert_eq!(memory.wait(100, 0_u32, None), Err(Status::OUT_OF_BOUNDS));
        assert_eq!(memory.notify(100, 1), Err(Status::OUT_OF_BOUNDS));
    });
}

#[test]
fn a_shared_memory_cannot_do_what_another_thread_would_notice() {
    assert_eq!(Config::new().max_len(10).verify(Verify::Standard).create_shared().unwrap_err(), Status::UNSUPPORTED);
    assert_eq!(Config::new().create_shared().unwrap_err(), Status::INVALID_ARGUMENT);
    on_each_tier(|memory| {
        let twin = memory.try_clone().unwrap();
        twin.write(0, b"twin").unwrap();
        assert_eq!(memory.atomic_load::<u8>(0), Ok(0));
        let info = memory.info().unwrap();
        assert!(info.base_stable && info.flags & wrtmem_sys::WRT_MEM_SHARED != 0);
        unsafe {
            assert_eq!(wrtmem_sys::wrt_mem_resize(memory.as_raw(), 10), Status::UNSUPPORTED.code());
            assert_eq!(wrtmem_sys::wrt_mem_reset(memory.as_raw()), Status::UNSUPPORTED.code());
        }
    });
}

#[test]
fn a_memory_is_destroyed_when_the_last_thread_is_done() {
    let memory = std::sync::Arc::new(Config::new().initial_len(8).max_len(8).create_shared().unwrap());
    let raw = memory.as_raw();
    let threads: Vec<_> = (0..3_u64)
        .map(|number| {
            let memory = memory.clone();
            std::thread::spawn(move || {
                sleep(Duration::from_millis(number));
                memory.atomic_rmw(0, AtomicOp::Add, 1_u32).unwrap();
            })
        })
        .collect();
    drop(memory);
    for thread in threads {
        thread.join().unwrap();
    }
    let mut len = 0;
    assert_eq!(unsafe { wrtmem_sys::wrt_mem_len(raw, &mut len) }, Status::INVALID_HANDLE.code());
}

// ---- alone, it is as any memory

const MAX: u64 = 1000;

#[derive(Clone, Debug)]
enum Step {
    Read(u64, usize),
    Write(u64, Vec<u8>),
    Fill(u64, u8, u64),
    Copy(u64, u64, u64),
    Grow(u64),
    Discard(u64, u64),
    Add(u64, u16),
    Store(u64, u64),
}

fn step() -> impl Strategy<Value = Step> {
    let offset = || prop_oneof![9 => 0..MAX + 20, 1 => any::<u64>()];
    let length = || prop_oneof![9 => 0..200_u64, 1 => any::<u64>()];
    prop_oneof![
        (offset(), 0..300_usize).prop_map(|(at, n)| Step::Read(at, n)),
        (offset(), proptest::collection::vec(any::<u8>(), 0..200)).prop_map(|(at, bytes)| Step::Write(at, bytes)),
        (offset(), any::<u8>(), length()).prop_map(|(at, value, n)| Step::Fill(at, value, n)),
        (offset(), offset(), length()).prop_map(|(to, from, n)| Step::Copy(to, from, n)),
        length().prop_map(Step::Grow),
        (offset(), length()).prop_map(|(at, n)| Step::Discard(at, n)),
        (offset(), any::<u16>()).prop_map(|(at, n)| Step::Add(at & !1, n)),
        (offset(), any::<u64>()).prop_map(|(at, n)| Step::Store(at & !7, n)),
    ]
}

fn inside(model: &[u8], at: u64, n: u64) -> Option<std::ops::Range<usize>> {
    let end = at.checked_add(n).filter(|&end| end <= model.len() as u64)?;
    Some(at as usize..end as usize)
}

fn apply(memory: &SharedMemory<'_>, model: &mut Vec<u8>, step: &Step) {
    let wanted = |inside: bool| if inside { Ok(()) } else { Err(Status::OUT_OF_BOUNDS) };
    match *step {
        Step::Read(at, n) => {
            let mut got = vec![0xee; n];
            let range = inside(model, at, n as u64);
            assert_eq!(memory.read(at, &mut got), wanted(range.is_some()));
            assert_eq!(got, range.map_or(vec![0xee; n], |range| model[range].to_vec()));
        }
        Step::Write(at, ref bytes) => {
            let range = inside(model, at, bytes.len() as u64);
            assert_eq!(memory.write(at, bytes), wanted(range.is_some()));
            if let Some(range) = range {
                model[range].copy_from_slice(bytes);
            }
        }
        Step::Fill(at, value, n) => {
            let range = inside(model, at, n);
            assert_eq!(memory.fill(at, value, n), wanted(range.is_some()));
            if let Some(range) = range {
                model[range].fill(value);
            }
        }
        Step::Copy(to, from, n) => {
            let (target, source) = (inside(model, to, n), inside(model, from, n));
            assert_eq!(memory.copy_within(to, from, n), wanted(target.is_some() && source.is_some()));
            if let (Some(target), Some(source)) = (target, source) {
                model.copy_within(source, target.start);
            }
        }
        Step::Grow(pages) => {
            let old = model.len() as u64;
            let fits = pages <= MAX - old;
            assert_eq!(memory.grow(pages), if fits { Ok(old) } else { Err(Status::LIMIT) });
            if fits {
                model.resize((old + pages) as usize, 0);
            }
        }
        Step::Discard(at, n) => {
            let range = inside(model, at, n);
            assert_eq!(memory.discard(at, n), wanted(range.is_some()));
            if let Some(range) = range {
                model[range].fill(0);
            }
        }
        Step::Add(at, n) => match (memory.atomic_rmw(at, AtomicOp::Add, n), inside(model, at, 2)) {
            (Ok(old), Some(range)) => {
                assert_eq!(old.to_le_bytes(), model[range.clone()]);
                model[range].copy_from_slice(&old.wrapping_add(n).to_le_bytes());
            }
            (got, range) => assert_eq!(got.map(|_| ()), wanted(range.is_some())),
        },
        Step::Store(at, value) => {
            let range = inside(model, at, 8);
            assert_eq!(memory.atomic_store(at, value), wanted(range.is_some()));
            if let Some(range) = range {
                model[range].copy_from_slice(&value.to_le_bytes());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_shared_memory_of_one_thread_is_as_a_vec(
        steps in proptest::collection::vec(step(), 1..60),
        tier in prop_oneof![Just(Tier::Std), Just(Tier::Alloc), Just(Tier::Static)],
        level in prop_oneof![Just(Verify::Off), Just(Verify::Basic)],
    ) {
        let mut storage = vec![0; Pool::storage_len(MAX as usize, 1).unwrap()];
        let pool = Pool::new(&mut storage, MAX as usize).unwrap();
        let mut config = Config::new().tier(tier).initial_len(100).max_len(MAX).verify(level);
        if tier == Tier::Alloc {
            config = config.allocator(&System);
        } else if tier == Tier::Static {
            config = config.pool(&pool);
        }
        let memory = config.create_shared().unwrap();
        let mut model = vec![0; 100];
        for step in &steps {
            apply(&memory, &mut model, step);
            let mut all = vec![0; model.len()];
            memory.read(0, &mut all).unwrap();
            prop_assert!(all == model);
            prop_assert_eq!(memory.len(), Ok(model.len() as u64));
        }
    }
}
