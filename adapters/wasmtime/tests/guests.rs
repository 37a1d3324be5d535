// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Real modules in memories of every kind.

use std::sync::Arc;
use wasmtime::{Config, Engine, Instance, Memory, MemoryType, Module, SharedMemory, Store, Trap, TypedFunc};
use wrtmem::Budget;
use wrtmem_wasmtime::Memories;

const PAGE: usize = 65536;

const GUEST: &str = r#"(module
  (memory (export "memory") 1 4)
  (data (i32.const 100) "hello")
  ;; the sum of the squares of 0 to n - 1, by way of the memory
  (func (export "compute") (param $n i32) (result i32) (local $i i32) (local $sum i32)
    (loop $store
      (i32.store (i32.mul (local.get $i) (i32.const 4)) (i32.mul (local.get $i) (local.get $i)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $store (i32.lt_u (local.get $i) (local.get $n))))
    (local.set $i (i32.const 0))
    (loop $add
      (local.set $sum (i32.add (local.get $sum) (i32.load (i32.mul (local.get $i) (i32.const 4)))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $add (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $sum))
  (func (export "size") (result i32) (memory.size))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "load_far") (param i32) (result i64) (i64.load offset=4294967288 (local.get 0)))
  (func (export "store") (param i32 i32) (i32.store8 (local.get 0) (local.get 1)))
  (func (export "fill") (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
)"#;

/// Memories of every kind, and the tier's name.
fn kinds() -> Vec<(&'static str, Memories)> {
    vec![
        ("std with guards", Memories::std()),
        ("std without guards", Memories::std_unguarded()),
        ("alloc", Memories::alloc()),
        ("static", Memories::slots(4 * PAGE, 64).unwrap()),
    ]
}

fn engine(memories: &Memories) -> Engine {
    let mut config = Config::new();
    config.wasm_threads(true).shared_memory(true).wasm_memory64(true).wasm_custom_page_sizes(true);
    memories.install(&mut config);
    Engine::new(&config).unwrap()
}

struct Guest {
    store: Store<()>,
    instance: Instance,
}

impl Guest {
    fn new(module: &Module) -> wasmtime::Result<Guest> {
        let mut store = Store::new(module.engine(), ());
        let instance = Instance::new(&mut store, module, &[])?;
        Ok(Guest { store, instance })
    }
    fn memory(&mut self) -> Memory {
        self.instance.get_memory(&mut self.store, "memory").unwrap()
    }
    fn call<P: wasmtime::WasmParams, R: wasmtime::WasmResults>(&mut self, name: &str, args: P) -> wasmtime::Result<R> {
        let function: TypedFunc<P, R> = self.instance.get_typed_func(&mut self.store, name).unwrap();
        function.call(&mut self.store, args)
    }
    fn traps<P: wasmtime::WasmParams, R: wasmtime::WasmResults>(&mut self, name: &str, args: P) {
        let trap = self.call::<P, R>(name, args).err().expect("a trap");
        assert_eq!(trap.downcast_ref::<Trap>(), Some(&Trap::MemoryOutOfBounds), "{name}");
    }
}

#[test]
fn a_guest_computes() {
    for (kind, memories) in kinds() {
        let module = Module::new(&engine(&memories), GUEST).unwrap();
        let mut guest = Guest::new(&module).unwrap();
        let want: u32 = (0..16384_u32).fold(0, |sum, i| sum.wrapping_add(i.wrapping_mul(i)));
        assert_eq!(guest.call::<i32, i32>("compute", 16384).unwrap() as u32, want, "{kind}");
    }
}

#[test]
fn data_is_there_and_everything_else_is_zero() {
    for (kind, memories) in kinds() {
        let module = Module::new(&engine(&memories), GUEST).unwrap();
        for _ in 0..3 {
            let mut guest = Guest::new(&module).unwrap();
            let memory = guest.memory();
            let bytes = memory.data(&guest.store);
            assert_eq!(bytes.len(), PAGE);
            assert_eq!(&bytes[100..105], b"hello", "{kind}");
            assert!(bytes.iter().enumerate().all(|(i, &byte)| byte == 0 || (100..105).contains(&i)), "{kind}");
            // The next one gets this memory's bytes, where they are used again.
            guest.call::<i32, i32>("grow", 3).unwrap();
            guest.call::<(i32, i32, i32), ()>("fill", (0, 0xee, 4 * PAGE as i32)).unwrap();
        }
    }
}

#[test]
fn a_guest_grows_to_the_limit_and_no_further_and_new_bytes_are_zero() {
    for (kind, memories) in kinds() {
        let module = Module::new(&engine(&memories), GUEST).unwrap();
        let mut guest = Guest::new(&module).unwrap();
        guest.call::<(i32, i32, i32), ()>("fill", (0, 0x77, PAGE as i32)).unwrap();
        assert_eq!(guest.call::<i32, i32>("grow", 0).unwrap(), 1, "{kind}");
        assert_eq!(guest.call::<i32, i32>("grow", 4).unwrap(), -1, "{kind}");
        assert_eq!(guest.call::<i32, i32>("grow", 2).unwrap(), 1, "{kind}");
        assert_eq!(guest.call::<i32, i32>("grow", 1).unwrap(), 3, "{kind}");
        for refused in [1, 2, 65535, -1] {
            assert_eq!(guest.call::<i32, i32>("grow", refused).unwrap(), -1, "{kind}");
        }
        assert_eq!(guest.call::<(), i32>("size", ()).unwrap(), 4, "{kind}");
        let memory = guest.memory();
        let bytes = memory.data(&guest.store);
        assert!(bytes[..PAGE].iter().all(|&byte| byte == 0x77), "{kind}");
        assert!(bytes[PAGE..].iter().all(|&byte| byte == 0), "{kind}");
        guest.call::<(i32, i32), ()>("store", (4 * PAGE as i32 - 1, 9)).unwrap();
        assert_eq!(guest.call::<i32, i32>("load", 4 * PAGE as i32 - 1).unwrap(), 9, "{kind}");
    }
}

#[test]
fn a_guest_that_goes_out_of_bounds_traps_and_goes_on() {
    for (kind, memories) in kinds() {
        let module = Module::new(&engine(&memories), GUEST).unwrap();
        let mut guest = Guest::new(&module).unwrap();
        for pages in [1, 3] {
            let end = pages * PAGE as i32;
            for at in [end, end + 1, end + 4096, 4 * PAGE as i32, i32::MAX, i32::MIN, -1] {
                guest.traps::<i32, i32>("load", at);
                guest.traps::<(i32, i32), ()>("store", (at, 1));
                guest.traps::<(i32, i32, i32), ()>("fill", (at, 1, 1));
            }
            for at in [0, 1, end, -8, -1] {
                guest.traps::<i32, i64>("load_far", at);
            }
            guest.traps::<(i32, i32, i32), ()>("fill", (0, 1, end + 1));
            assert_eq!(guest.call::<i32, i32>("load", end - 1).unwrap(), 0, "{kind}");
            if pages == 1 {
                assert_eq!(guest.call::<i32, i32>("grow", 2).unwrap(), 1);
            }
        }
    }
}

#[test]
fn a_guest_without_a_byte_traps_at_every_address() {
    for (kind, memories) in kinds() {
        let engine = engine(&memories);
        for limits in ["0", "0 0", "0 2"] {
            let text = format!(
                r#"(module (memory {limits}) (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
                     (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))"#
            );
            let mut guest = Guest::new(&Module::new(&engine, text).unwrap()).unwrap();
            for at in [0, 1, 4096, PAGE as i32, 1 << 20, i32::MAX, i32::MIN, -1] {
                guest.traps::<i32, i32>("load", at);
            }
            let wanted = if limits == "0 0" { -1 } else { 0 };
            assert_eq!(guest.call::<i32, i32>("grow", 1).unwrap(), wanted, "{kind}");
            if wanted == 0 {
                assert_eq!(guest.call::<i32, i32>("load", PAGE as i32 - 1).unwrap(), 0, "{kind}");
                guest.traps::<i32, i32>("load", PAGE as i32);
            }
        }
    }
}

#[test]
fn the_base_is_at_a_page_and_stays_within_the_capacity() {
    for (kind, memories) in kinds() {
        let engine = engine(&memories);
        let mut store = Store::new(&engine, ());
        for (min, max) in [(0, None), (0, Some(0)), (0, Some(4)), (1, Some(1)), (2, Some(4)), (1, None)] {
            let memory = Memory::new(&mut store, MemoryType::new(min, max)).unwrap();
            let base = memory.data_ptr(&store) as usize;
            assert!(base != 0 && base.is_multiple_of(4096), "{kind}: {base:#x}");
            assert_eq!(memory.data_size(&store), min as usize * PAGE);
            // wasmtime itself asserts that the base stays up to the capacity.
            for pages in 1..=4 {
                match memory.grow(&mut store, 1) {
                    Ok(old) => assert_eq!(old, u64::from(min) + pages - 1, "{kind}"),
                    Err(_) => assert_eq!(u64::from(min) + pages - 1, max.map_or(4, u64::from), "{kind}"),
                }
                let base = memory.data_ptr(&store) as usize;
                assert!(base != 0 && base.is_multiple_of(4096), "{kind}: {base:#x}");
                if memory.size(&store) == max.map_or(4, u64::from) {
                    break;
                }
            }
        }
    }
}

#[test]
fn many_instances_live_at_once_on_many_threads() {
    for (kind, memories) in kinds() {
        let module = Module::new(&engine(&memories), GUEST).unwrap();
        std::thread::scope(|scope| {
            for thread in 0..4_i32 {
                let module = &module;
                scope.spawn(move || {
                    for round in 0..3 {
                        let mut guests: Vec<_> = (0..12).map(|_| Guest::new(module).unwrap()).collect();
                        for (i, guest) in guests.iter_mut().enumerate() {
                            let value = (thread * 12 + i as i32) & 0xff;
                            guest.call::<i32, i32>("grow", 1 + round).unwrap();
                            guest.call::<(i32, i32, i32), ()>("fill", (0, value, 2 * PAGE as i32)).unwrap();
                        }
                        for (i, guest) in guests.iter_mut().enumerate() {
                            let value = (thread * 12 + i as i32) & 0xff;
                            assert_eq!(guest.call::<i32, i32>("load", 2 * PAGE as i32 - 1).unwrap(), value, "{kind}");
                        }
                    }
                });
            }
        });
        if let Some(pool) = memories.pool_info() {
            assert_eq!(pool.used, 0);
            assert!(pool.peak >= 12);
        }
    }
}

#[test]
fn a_budget_over_all_of_them_refuses_growth_which_the_guest_sees_as_minus_one() {
    for (kind, memories) in kinds() {
        let budget = Arc::new(Budget::new(5 * PAGE as u64).unwrap());
        let module = Module::new(&engine(&memories.budget(&budget)), GUEST).unwrap();
        let mut one = Guest::new(&module).unwrap();
        let mut other = Guest::new(&module).unwrap();
        assert_eq!(one.call::<i32, i32>("grow", 2).unwrap(), 1, "{kind}");
        assert_eq!(other.call::<i32, i32>("grow", 2).unwrap(), -1, "{kind}");
        assert_eq!(other.call::<i32, i32>("grow", 1).unwrap(), 1, "{kind}");
        assert_eq!(one.call::<i32, i32>("grow", 1).unwrap(), -1, "{kind}");
        let refused = Guest::new(&module).err().expect("no byte is left").to_string();
        assert!(refused.contains("WRT_ERR_BUDGET"), "{kind}: {refused}");
        drop(one);
        assert_eq!(budget.info().unwrap().used, 2 * PAGE as u64, "{kind}");
        assert_eq!(other.call::<i32, i32>("grow", 2).unwrap(), 2, "{kind}");
        drop(other);
        assert_eq!(budget.info().unwrap().used, 0, "{kind}");
    }
}

#[test]
fn slots_are_used_again_and_are_all_that_there_is() {
    let memories = Memories::slots(2 * PAGE, 2).unwrap();
    let module = Module::new(&engine(&memories), GUEST).unwrap();
    for _ in 0..20 {
        let mut one = Guest::new(&module).unwrap();
        let _other = Guest::new(&module).unwrap();
        assert!(Guest::new(&module).err().unwrap().to_string().contains("WRT_ERR_POOL_EXHAUSTED"));
        assert_eq!(one.call::<i32, i32>("grow", 1).unwrap(), 1);
        assert_eq!(one.call::<i32, i32>("grow", 1).unwrap(), -1, "beyond the slot");
    }
    assert_eq!(memories.pool_info().unwrap().used, 0);
    let large = Module::new(module.engine(), "(module (memory 3))").unwrap();
    assert!(Guest::new(&large).err().unwrap().to_string().contains("WRT_ERR_LIMIT"));
}

#[test]
fn guards_are_refused_where_there_are_none() {
    for memories in [Memories::alloc(), Memories::slots(PAGE, 1).unwrap()] {
        for (reservation, guard) in [(1 << 32, 0), (0, 4096)] {
            let mut config = Config::new();
            memories.install(&mut config);
            config.memory_reservation(reservation).memory_guard_size(guard);
            let module = Module::new(&Engine::new(&config).unwrap(), GUEST).unwrap();
            let refused = Guest::new(&module).err().expect("no guards").to_string();
            assert!(
                refused.contains("WRT_ERR_INVALID_ARGUMENT") || refused.contains("WRT_ERR_UNSUPPORTED"),
                "{refused}"
            );
        }
    }
}

#[test]
fn copy_on_write_initialisation_has_to_be_off() {
    let mut config = Config::new();
    Memories::std().install(&mut config);
    let module = |config: &Config| Module::new(&Engine::new(config).unwrap(), GUEST).unwrap();
    assert!(Guest::new(&module(&config)).is_ok());
    let on = module(config.memory_init_cow(true));
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| Guest::new(&on).is_ok())).is_err());
}

#[test]
fn a_memory_that_states_no_maximum_grows_as_far_as_the_creator_says() {
    for (kind, memories) in kinds() {
        let engine = engine(&memories.max_len(3 * PAGE));
        for memory in ["(memory (export \"memory\") 1)", "(memory (export \"memory\") i64 1)"] {
            let module = Module::new(&engine, format!("(module {memory})")).unwrap();
            let mut guest = Guest::new(&module).unwrap();
            let memory = guest.memory();
            assert_eq!(memory.grow(&mut guest.store, 2).unwrap(), 1, "{kind}");
            assert!(memory.grow(&mut guest.store, 1).is_err(), "{kind}");
            assert!(memory.grow(&mut guest.store, 1 << 40).is_err(), "{kind}");
            assert_eq!(memory.data(&guest.store).len(), 3 * PAGE, "{kind}");
        }
        let large = Module::new(&engine, "(module (memory 4))").unwrap();
        assert!(Guest::new(&large).err().unwrap().to_string().contains("WRT_ERR_LIMIT"), "{kind}");
    }
}

#[test]
fn a_memory_of_small_pages_has_exactly_its_length() {
    for (kind, memories) in kinds() {
        let module = Module::new(
            &engine(&memories),
            r#"(module (memory (export "memory") 5 100000 (pagesize 1))
                 (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0))))"#,
        )
        .unwrap();
        let mut guest = Guest::new(&module).unwrap();
        assert_eq!(guest.memory().data_size(&guest.store), 5, "{kind}");
        assert_eq!(guest.call::<i32, i32>("load", 4).unwrap(), 0, "{kind}");
        guest.traps::<i32, i32>("load", 5);
        let memory = guest.memory();
        assert_eq!(memory.grow(&mut guest.store, 70000).unwrap(), 5, "{kind}");
        assert_eq!(guest.call::<i32, i32>("load", 70004).unwrap(), 0, "{kind}");
        guest.traps::<i32, i32>("load", 70005);
    }
}

#[test]
fn a_shared_memory_never_moves() {
    for (kind, memories) in kinds() {
        let engine = engine(&memories);
        let memory = SharedMemory::new(&engine, MemoryType::shared(1, 4)).unwrap();
        let base = memory.data().as_ptr();
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| memory.grow(1).unwrap());
            }
        });
        assert_eq!((memory.size(), memory.data().len()), (4, 4 * PAGE), "{kind}");
        assert_eq!(memory.data().as_ptr(), base, "{kind}");
        assert!(memory.grow(1).is_err(), "{kind}");
    }
}
