// SPDX-License-Identifier: Apache-2.0 OR MIT
use crate::linear::{to_page, Linear};
use crate::sources::{PagedHeap, Slots};
use crate::PAGE;
use std::sync::Arc;
use wasmtime::{LinearMemory, MemoryCreator, MemoryType};
use wrtmem::{Budget, Config, PoolInfo, Result, Status, Tier};

static HEAP: PagedHeap = PagedHeap;

/// Where the memories of an engine come from. [`install`](Memories::install) gives it to a configuration.
///
/// Copies are of the same slots and the same budget.
#[derive(Clone)]
pub struct Memories {
    guards: bool,
    inner: Arc<Inner>,
}

#[derive(Clone)]
pub(crate) struct Inner {
    tier: Tier,
    max_len: usize,
    slots: Option<Arc<Slots>>,
    budget: Option<Arc<Budget<'static>>>,
}

impl Memories {
    /// From the operating system (STD), with the guards that wasmtime's own memories have: what is out of bounds faults,
    /// and compiled code does not check.
    pub fn std() -> Memories {
        Memories::of(Tier::Std, true, None)
    }
    /// From the operating system, without guards: compiled code checks each access.
    pub fn std_unguarded() -> Memories {
        Memories::of(Tier::Std, false, None)
    }
    /// From the heap (ALLOC). Compiled code checks each access, and growth may move a memory.
    pub fn alloc() -> Memories {
        Memories::of(Tier::Alloc, false, None)
    }
    /// From `slots` slots (STATIC), each of `slot_len` bytes rounded up to pages of 64 KiB: no memory grows beyond that,
    /// and no more memories are there at once. Compiled code checks each access.
    pub fn slots(slot_len: usize, slots: usize) -> Result<Memories> {
        let slot_len = to_page(slot_len).ok_or(Status::LIMIT)?;
        Ok(Memories::of(Tier::Static, false, Some(Arc::new(Slots::new(slot_len, slots)?))))
    }

    fn of(tier: Tier, guards: bool, slots: Option<Arc<Slots>>) -> Memories {
        let max_len = 1 << 32_u64.min(u64::from(usize::BITS - 2));
        Memories { guards, inner: Arc::new(Inner { tier, max_len, slots, budget: None }) }
    }

    /// The budget that the length of each memory is charged to. A growth that it refuses is -1 to the guest, a memory
    /// that it refuses an error of the instantiation.
    pub fn budget(mut self, budget: &Arc<Budget<'static>>) -> Memories {
        Arc::make_mut(&mut self.inner).budget = Some(budget.clone());
        self
    }
    /// The greatest length of memories that state none, or a greater one; otherwise 4 GiB.
    pub fn max_len(mut self, len: usize) -> Memories {
        Arc::make_mut(&mut self.inner).max_len = len;
        self
    }
    /// The slots in use and free, of [`slots`](Memories::slots).
    pub fn pool_info(&self) -> Option<PoolInfo> {
        self.inner.slots.as_ref()?.pool().info().ok()
    }

    /// Makes the engines of this configuration take their memories from here, and sets what that needs: copy-on-write
    /// initialisation off, which wasmtime has for memories of its own alone, and, without guards, no reservation and no
    /// guard. The allocation strategy has to stay [on demand](wasmtime::InstanceAllocationStrategy::OnDemand); the pooling
    /// one has memories of its own. What is set later counts: with guards the sizes may be changed, without them not.
    pub fn install(&self, config: &mut wasmtime::Config) {
        config.memory_init_cow(false);
        if !self.guards {
            config.memory_reservation(0).memory_guard_size(0);
        }
        config.with_host_memory(Arc::new(self.clone()));
    }

    fn make(&self, shared: bool, min: usize, max: Option<usize>, reserved: usize, guard: usize) -> Result<Linear> {
        let inner = &*self.inner;
        let initial_len = to_page(min).ok_or(Status::LIMIT)?;
        let mut limit = max.and_then(to_page).unwrap_or(usize::MAX).min(inner.max_len / PAGE * PAGE);
        if let Some(slots) = &inner.slots {
            limit = limit.min(slots.slot_len());
        }
        // A memory that cannot be as long as its type wants is refused by the library, in its own words.
        let mut config = Config::new()
            .tier(inner.tier)
            .page_len(PAGE as u64)
            .initial_len(initial_len as u64)
            .max_len(limit as u64)
            .exact_max()
            .name("wasmtime");
        if let Some(budget) = &inner.budget {
            config = config.budget(budget);
        }
        if let Some(slots) = &inner.slots {
            config = config.pool(slots.pool());
        }
        if inner.tier == Tier::Alloc {
            config = config.allocator(&HEAP);
        }
        if shared {
            config = config.stable();
        }
        if reserved != 0 || guard != 0 {
            config = config.guard(guard as u64).reserve_len(reserved.max(limit) as u64);
        }
        Linear::new(&config, min, self.inner.clone())
    }
}

// SAFETY: a memory has what is asked of it, or is refused: guards are asked of the tier, and ALLOC and STATIC refuse them.
unsafe impl MemoryCreator for Memories {
    fn new_memory(
        &self,
        ty: MemoryType,
        minimum: usize,
        maximum: Option<usize>,
        reserved_size_in_bytes: Option<usize>,
        guard_size_in_bytes: usize,
    ) -> std::result::Result<Box<dyn LinearMemory>, String> {
        let reserved = reserved_size_in_bytes.unwrap_or(0);
        match self.make(ty.is_shared(), minimum, maximum, reserved, guard_size_in_bytes) {
            Ok(linear) => Ok(Box::new(linear)),
            Err(status) => Err(format!("{status:?}: {status}")),
        }
    }
}
