// SPDX-License-Identifier: Apache-2.0 OR MIT
//! A memory against a `Vec<u8>`, on every tier and at every level.

use proptest::prelude::*;
use std::alloc::System;
use std::io::{Read, Seek, SeekFrom, Write};
use wrtmem::{AtomicOp, Change, Config, Memory, Pool, Status, Tier, Verify};

const MAX: u64 = 3000;

#[derive(Clone, Debug)]
enum Step {
    Read(u64, usize),
    Write(u64, Vec<u8>),
    Fill(u64, u8, u64),
    Copy(u64, u64, u64),
    Resize(u64),
    Grow(u64),
    Discard(u64, u64),
    Borrow(u64, u64),
    BorrowMut(u64, u64, u8),
    Add(u64, u32),
    Exchange(u64, u16, u16),
    WriteStream(u64, Vec<u8>),
    ReadStream(i64),
    Clone,
    Reset,
    Verify,
    SetVerify(Verify),
    View,
    History,
}

fn offset() -> impl Strategy<Value = u64> {
    prop_oneof![8 => 0..MAX + 20, 1 => any::<u64>(), 1 => (0..20_u64).prop_map(|n| u64::MAX - n)]
}
fn length() -> impl Strategy<Value = u64> {
    prop_oneof![12 => 0..200_u64, 2 => 0..MAX, 1 => any::<u64>()]
}
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..200)
}

fn level() -> impl Strategy<Value = Verify> {
    prop_oneof![
        Just(Verify::Off),
        Just(Verify::Basic),
        Just(Verify::Standard),
        Just(Verify::Sampling),
        Just(Verify::Full),
        Just(Verify::Redundant)
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (offset(), 0..300_usize).prop_map(|(at, n)| Step::Read(at, n)),
        (offset(), bytes()).prop_map(|(at, bytes)| Step::Write(at, bytes)),
        (offset(), any::<u8>(), length()).prop_map(|(at, value, n)| Step::Fill(at, value, n)),
        (offset(), offset(), length()).prop_map(|(to, from, n)| Step::Copy(to, from, n)),
        offset().prop_map(Step::Resize),
        length().prop_map(Step::Grow),
        (offset(), length()).prop_map(|(at, n)| Step::Discard(at, n)),
        (offset(), length()).prop_map(|(at, n)| Step::Borrow(at, n)),
        (offset(), length(), any::<u8>()).prop_map(|(at, n, value)| Step::BorrowMut(at, n, value)),
        (offset(), any::<u32>()).prop_map(|(at, n)| Step::Add(at & !3, n)),
        (offset(), any::<u16>(), any::<u16>()).prop_map(|(at, old, new)| Step::Exchange(at & !1, old % 2, new)),
        (offset(), bytes()).prop_map(|(at, bytes)| Step::WriteStream(at, bytes)),
        (-250..10_i64).prop_map(Step::ReadStream),
        Just(Step::Clone),
        Just(Step::Reset),
        Just(Step::Verify),
        level().prop_map(Step::SetVerify),
        Just(Step::View),
        Just(Step::History),
    ]
}

/// What a memory has to be.
struct Model {
    bytes: Vec<u8>,
    level: Verify,
    viewed: bool,
    changes: Vec<Change>,
}

/// Whether every write is seen at this level, so that there is no view.
fn sees_writes(level: Verify) -> bool {
    level != Verify::Off && level != Verify::Basic
}

fn note(changes: &mut Vec<Change>, from: u64, to: u64, result: Result<(), Status>) {
    if from != to {
        changes.push(Change { from, to, result });
    }
}

/// The range in the model, or `None` when it is not inside.
fn inside(model: &[u8], at: u64, n: u64) -> Option<std::ops::Range<usize>> {
    let end = at.checked_add(n)?;
    if end <= model.len() as u64 {
        Some(at as usize..end as usize)
    } else {
        None
    }
}

fn status_of<T>(result: Result<T, Status>) -> Result<(), Status> {
    result.map(|_| ())
}

fn wanted(inside: bool) -> Result<(), Status> {
    if inside {
        Ok(())
    } else {
        Err(Status::OUT_OF_BOUNDS)
    }
}

fn apply(memory: &mut Memory<'_>, whole: &mut Model, step: &Step) {
    let Model { bytes: model, level, viewed, changes } = whole;
    match *step {
        Step::Read(at, n) => {
            let mut got = vec![0xee; n];
            let range = inside(model, at, n as u64);
            assert_eq!(memory.read(at, &mut got), wanted(range.is_some()));
            assert_eq!(memory.check(at, n as u64), wanted(range.is_some()));
            match range {
                Some(range) => assert_eq!(got, model[range]),
                None => assert!(got.iter().all(|&byte| byte == 0xee), "a refused read writes nothing"),
            }
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
        Step::Resize(len) => {
            let wanted = if len <= MAX { Ok(()) } else { Err(Status::LIMIT) };
            assert_eq!(memory.resize(len), wanted);
            note(changes, model.len() as u64, len, wanted);
            if len <= MAX {
                model.resize(len as usize, 0);
            }
        }
        Step::Grow(pages) => {
            let old = model.len() as u64;
            let fits = pages <= MAX - old;
            let wanted = if fits { Ok(old) } else { Err(Status::LIMIT) };
            assert_eq!(memory.grow(pages), wanted);
            note(changes, old, old.saturating_add(pages), status_of(wanted));
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
        Step::Borrow(at, n) => match (memory.borrow(at, n), inside(model, at, n)) {
            (Ok(lent), Some(range)) => {
                let again = memory.borrow(at, n).unwrap();
                assert_eq!(lent[..], model[range]);
                assert_eq!(lent[..], again[..]);
                assert_eq!(memory.info().unwrap().borrows, 2);
            }
            (lent, range) => assert_eq!(status_of(lent), wanted(range.is_some())),
        },
        Step::BorrowMut(at, n, value) => match (memory.borrow_mut(at, n), inside(model, at, n)) {
            (Ok(mut lent), Some(range)) => {
                assert_eq!(lent[..], model[range.clone()]);
                lent.fill(value);
                model[range].fill(value);
            }
            (lent, range) => assert_eq!(status_of(lent), wanted(range.is_some())),
        },
        Step::Add(at, n) => {
            let range = inside(model, at, 4);
            let got = memory.atomic_rmw(at, AtomicOp::Add, n);
            assert_eq!(status_of(got), wanted(range.is_some()));
            if let Some(range) = range {
                let old = u32::from_le_bytes(model[range.clone()].try_into().unwrap());
                assert_eq!(got, Ok(old));
                model[range].copy_from_slice(&old.wrapping_add(n).to_le_bytes());
                assert_eq!(memory.atomic_load(at), Ok(old.wrapping_add(n)));
            }
        }
        Step::Exchange(at, expected, new) => {
            let range = inside(model, at, 2);
            let got = memory.atomic_cmpxchg(at, expected, new);
            assert_eq!(status_of(got), wanted(range.is_some()));
            if let Some(range) = range {
                let old = u16::from_le_bytes(model[range.clone()].try_into().unwrap());
                assert_eq!(got, Ok(old));
                if old == expected {
                    model[range].copy_from_slice(&new.to_le_bytes());
                }
            }
        }
        Step::WriteStream(at, ref bytes) => {
            let mut cursor = memory.cursor();
            assert_eq!(cursor.seek(SeekFrom::Start(at)).unwrap(), at);
            let left = (model.len() as u64).saturating_sub(at) as usize;
            let n = left.min(bytes.len());
            assert_eq!(cursor.write_all(bytes).is_ok(), n == bytes.len());
            if n != 0 {
                let at = at as usize;
                model[at..at + n].copy_from_slice(&bytes[..n]);
            }
        }
        Step::ReadStream(from_end) => {
            let mut cursor = memory.cursor();
            let place = model.len() as i64 + from_end;
            assert_eq!(cursor.seek(SeekFrom::End(from_end)).ok(), u64::try_from(place).ok());
            if place >= 0 {
                let mut got = Vec::new();
                cursor.read_to_end(&mut got).unwrap();
                assert_eq!(got, model[(place as usize).min(model.len())..]);
            }
        }
        Step::Clone => {
            let mut twin = match memory.try_clone() {
                Err(Status::POOL_EXHAUSTED) => panic!("the pool has a slot for it"),
                made => made.unwrap(),
            };
            assert_eq!(twin.equal(memory), Ok(true));
            if !model.is_empty() {
                twin.write(0, &[!model[0]]).unwrap();
                assert_eq!(memory.equal(&twin), Ok(false));
            }
        }
        Step::Reset => {
            memory.reset().unwrap();
            model.clear();
            model.resize(100, 0);
        }
        Step::Verify => memory.verify().unwrap(),
        Step::SetVerify(to) => {
            let refused = *viewed && sees_writes(to);
            assert_eq!(memory.set_verify(to), if refused { Err(Status::UNSUPPORTED) } else { Ok(()) });
            if !refused {
                *level = to;
            }
            assert_eq!(memory.info().unwrap().verify, *level as i32);
        }
        Step::View => match memory.view() {
            Err(status) => assert_eq!((status, sees_writes(*level)), (Status::UNSUPPORTED, true)),
            Ok(view) => {
                *viewed = true;
                assert!(!sees_writes(*level));
                assert_eq!(memory.view(), Ok(view));
                // SAFETY: the memory lives, and is not used otherwise meanwhile.
                let bytes = unsafe { std::slice::from_raw_parts((*view).base, (*view).len) };
                assert_eq!(bytes, &model[..]);
            }
        },
        Step::History => {
            let last = &changes[changes.len().saturating_sub(16)..];
            assert_eq!(memory.history().unwrap().changes, last);
        }
    }
}

fn same(memory: &Memory<'_>, model: &[u8]) {
    assert_eq!(memory.len(), Ok(model.len() as u64));
    assert_eq!(memory.is_empty(), Ok(model.is_empty()));
    let mut all = vec![0; model.len()];
    memory.read(0, &mut all).unwrap();
    assert!(all == model);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_memory_is_as_a_vec(
        steps in proptest::collection::vec(step(), 1..60),
        tier in prop_oneof![Just(Tier::Std), Just(Tier::Alloc), Just(Tier::Static)],
        level in level(),
    ) {
        // A REDUNDANT memory takes two slots, and so does its clone.
        let mut storage = vec![0; Pool::storage_len(MAX as usize, 4).unwrap()];
        let pool = Pool::new(&mut storage, MAX as usize).unwrap();
        let mut config = Config::new().tier(tier).initial_len(100).max_len(MAX).verify(level).track();
        if tier == Tier::Alloc {
            config = config.allocator(&System);
        } else if tier == Tier::Static {
            config = config.pool(&pool);
        }
        let mut memory = config.create().unwrap();
        prop_assert_eq!(memory.info().unwrap().tier, tier);
        let mut model = Model { bytes: vec![0; 100], level, viewed: false, changes: Vec::new() };
        for step in &steps {
            apply(&mut memory, &mut model, step);
            same(&memory, &model.bytes);
        }
        drop(memory);
        prop_assert_eq!(pool.info().unwrap().used, 0);
    }
}
