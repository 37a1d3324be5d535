// SPDX-License-Identifier: Apache-2.0 OR MIT
use crate::status::{check, Result, Status};
use crate::{allocator, Budget, Image, Memory, Pool, SharedMemory};
use std::alloc::GlobalAlloc;
use std::io::Read;
use std::marker::PhantomData;
use std::os::raw::c_char;
use std::ptr::null_mut;

/// Where a memory's bytes come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Tier {
    /// STATIC when a pool is given, ALLOC when an allocator is, else the first that the build has.
    Default = wrtmem_sys::WRT_TIER_DEFAULT,
    /// The operating system.
    Std = wrtmem_sys::WRT_TIER_STD,
    /// An allocator.
    Alloc = wrtmem_sys::WRT_TIER_ALLOC,
    /// A slot of a pool.
    Static = wrtmem_sys::WRT_TIER_STATIC,
}

impl Tier {
    pub(crate) fn of(number: i32) -> Tier {
        match number {
            wrtmem_sys::WRT_TIER_STD => Tier::Std,
            wrtmem_sys::WRT_TIER_ALLOC => Tier::Alloc,
            wrtmem_sys::WRT_TIER_STATIC => Tier::Static,
            _ => Tier::Default,
        }
    }
}

/// How much a memory checks of itself; each does what the one before it does, and more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Verify {
    /// Bounds alone.
    Off = wrtmem_sys::WRT_VERIFY_OFF,
    /// Also the library's own record of the memory; the default.
    Basic = wrtmem_sys::WRT_VERIFY_BASIC,
    /// Also check values over the bytes, compared on demand.
    Standard = wrtmem_sys::WRT_VERIFY_STANDARD,
    /// Also at every so manyth access.
    Sampling = wrtmem_sys::WRT_VERIFY_SAMPLING,
    /// Also at every access.
    Full = wrtmem_sys::WRT_VERIFY_FULL,
    /// Also a second copy to mend from.
    Redundant = wrtmem_sys::WRT_VERIFY_REDUNDANT,
}

/// How a memory is made. What is not set is the library's default.
///
/// ```
/// use wrtmem::{Config, Tier, Verify};
/// let memory = Config::new().tier(Tier::Std).initial_len(100).max_len(1000).verify(Verify::Full).name("guest").create()?;
/// assert_eq!(memory.info()?.name, "guest");
/// # Ok::<(), wrtmem::Status>(())
/// ```
///
/// What a memory uses must outlive it:
///
/// ```compile_fail
/// let memory = {
///     let budget = wrtmem::Budget::new(100).unwrap();
///     wrtmem::Config::new().budget(&budget).create().unwrap()
/// };
/// ```
#[derive(Clone)]
pub struct Config<'a> {
    raw: wrtmem_sys::wrt_mem_config,
    allocator: Option<wrtmem_sys::wrt_allocator>,
    name: [c_char; 32],
    uses: PhantomData<&'a ()>,
}

// SAFETY: what it points to (pool, budget, image, allocator) is Sync, and itself it only holds.
unsafe impl Send for Config<'_> {}
unsafe impl Sync for Config<'_> {}

impl Default for Config<'_> {
    fn default() -> Self {
        Config::new()
    }
}

impl<'a> Config<'a> {
    /// The default of everything.
    pub fn new() -> Config<'a> {
        Config { raw: wrtmem_sys::wrt_mem_config::INIT, allocator: None, name: [0; 32], uses: PhantomData }
    }
    /// Where its bytes come from.
    pub fn tier(mut self, tier: Tier) -> Self {
        self.raw.tier = tier as i32;
        self
    }
    /// Length at creation, in bytes.
    pub fn initial_len(mut self, len: u64) -> Self {
        self.raw.initial_len = len;
        self
    }
    /// Greatest length, in bytes; 0 means the tier's default.
    pub fn max_len(mut self, len: u64) -> Self {
        self.raw.max_len = len;
        self
    }
    /// What every length is a multiple of, in bytes.
    pub fn page_len(mut self, len: u64) -> Self {
        self.raw.page_len = len;
        self
    }
    /// Both lengths in WebAssembly's pages of 64 KiB, and the maximum as written, 0 too.
    pub fn wasm_pages(self, initial: u64, max: u64) -> Self {
        const PAGE: u64 = 65536;
        // More pages than 64 bits of bytes hold are beyond every limit anyhow.
        let len = |pages: u64| pages.min(u64::MAX / PAGE) * PAGE;
        self.page_len(PAGE).initial_len(len(initial)).max_len(len(max)).exact_max()
    }
    /// The maximum is meant as written, 0 too.
    pub fn exact_max(self) -> Self {
        self.flag(wrtmem_sys::WRT_MEM_EXACT_MAX)
    }
    /// The base never moves.
    pub fn stable(self) -> Self {
        self.flag(wrtmem_sys::WRT_MEM_STABLE)
    }
    /// Accesses are counted, for [`Memory::stats`].
    pub fn track(self) -> Self {
        self.flag(wrtmem_sys::WRT_MEM_TRACK)
    }
    /// Every byte past the length faults, for generated code without checks.
    pub fn guard(mut self, guard_len: u64) -> Self {
        self.raw.guard_len = guard_len;
        self.flag(wrtmem_sys::WRT_MEM_GUARD)
    }
    /// Address space to hold, in bytes (STD).
    pub fn reserve_len(mut self, len: u64) -> Self {
        self.raw.reserve_len = len;
        self
    }
    /// Creation and growth return only when the bytes are really there.
    pub fn commit(self) -> Self {
        self.flag(wrtmem_sys::WRT_MEM_COMMIT)
    }
    /// Prefer huge pages.
    pub fn huge(self) -> Self {
        self.flag(wrtmem_sys::WRT_MEM_HUGE)
    }
    /// How much it checks of itself.
    pub fn verify(mut self, level: Verify) -> Self {
        self.raw.verify = level as i32;
        self
    }
    /// [`Verify::Sampling`]: every so many accesses.
    pub fn sample_interval(mut self, accesses: u32) -> Self {
        self.raw.sample_interval = accesses;
        self
    }
    /// Bytes come from this allocator (ALLOC). One that panics refuses.
    ///
    /// ```
    /// use std::alloc::System;
    /// let memory = wrtmem::Config::new().allocator(&System).max_len(1000).create()?;
    /// assert_eq!(memory.info()?.tier, wrtmem::Tier::Alloc);
    /// # Ok::<(), wrtmem::Status>(())
    /// ```
    pub fn allocator<A: GlobalAlloc + Sync>(mut self, allocator: &'a A) -> Self {
        self.allocator = Some(allocator::over(allocator));
        self
    }
    /// Bytes come from a slot of this pool (STATIC).
    pub fn pool(mut self, pool: &'a Pool<'_>) -> Self {
        self.raw.pool = pool.as_raw();
        self
    }
    /// The budget that its length is charged to.
    pub fn budget(mut self, budget: &'a Budget<'_>) -> Self {
        self.raw.budget = budget.as_raw();
        self
    }
    /// First contents and length.
    pub fn image(mut self, image: &'a Image<'_>) -> Self {
        self.raw.image = image.as_raw();
        self
    }
    /// A name for reports: its first 31 bytes, or those before a NUL.
    pub fn name(mut self, name: &str) -> Self {
        self.name = [0; 32];
        let bytes = name.bytes().take(31).take_while(|&byte| byte != 0);
        for (to, from) in self.name.iter_mut().zip(bytes) {
            *to = from as c_char;
        }
        self
    }

    /// Makes the memory.
    pub fn create(&self) -> Result<Memory<'a>> {
        let mut mem = null_mut();
        // SAFETY: all that the struct points to lives during the call, and what the memory needs longer lives for 'a.
        self.with_raw(|raw| check(unsafe { wrtmem_sys::wrt_mem_create_config(raw, &mut mem) }))?;
        // SAFETY: just made, and nobody else's.
        Ok(unsafe { Memory::from_raw(mem) })
    }
    /// Makes it a memory that many threads use at once. Needs a maximum, and a level below [`Verify::Standard`].
    pub fn create_shared(&self) -> Result<SharedMemory<'a>> {
        self.clone().flag(wrtmem_sys::WRT_MEM_SHARED).create().map(SharedMemory::new)
    }
    /// Loads an image; tier, allocator, pool and maximum say where its bytes are kept. A reader that fails or panics is
    /// [`Status::IO`].
    pub fn load_image<R: Read>(&self, mut reader: R) -> Result<Image<'a>> {
        self.with_raw(|raw| Image::load(raw, &mut reader))
    }

    fn flag(mut self, bit: u32) -> Self {
        self.raw.flags |= bit;
        self
    }
    fn with_raw<T>(
        &self,
        call: impl FnOnce(&wrtmem_sys::wrt_mem_config) -> std::result::Result<T, Status>,
    ) -> Result<T> {
        let mut raw = self.raw;
        if let Some(allocator) = &self.allocator {
            raw.allocator = allocator;
        }
        if self.name[0] != 0 {
            raw.name = self.name.as_ptr();
        }
        call(&raw)
    }
}
