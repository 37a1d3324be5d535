// SPDX-License-Identifier: Apache-2.0 OR MIT
package wrtmem;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** The C ABI as it is. Handles are numbers here: they are no addresses. */
final class Native {
  static final StructLayout ALLOCATOR =
      MemoryLayout.structLayout(
          JAVA_INT.withName("struct_size"),
          JAVA_INT.withName("flags"),
          ADDRESS.withName("context"),
          ADDRESS.withName("allocate"),
          ADDRESS.withName("reallocate"),
          ADDRESS.withName("deallocate"));
  static final StructLayout CONFIG =
      MemoryLayout.structLayout(
          JAVA_INT.withName("struct_size"),
          JAVA_INT.withName("tier"),
          JAVA_LONG.withName("initial_len"),
          JAVA_LONG.withName("max_len"),
          JAVA_LONG.withName("page_len"),
          JAVA_INT.withName("flags"),
          JAVA_INT.withName("verify"),
          JAVA_INT.withName("sample_interval"),
          JAVA_INT.withName("reserved0"),
          ADDRESS.withName("allocator"),
          ADDRESS.withName("pool"),
          ADDRESS.withName("budget"),
          ADDRESS.withName("image"),
          ADDRESS.withName("name"),
          ADDRESS.withName("reserved1"),
          JAVA_LONG.withName("reserve_len"),
          JAVA_LONG.withName("guard_len"));

  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LIBRARY =
      SymbolLookup.libraryLookup(System.getProperty("wrtmem.library", "libwrtmem.so.0"), Arena.global());
  // Arrays of Java's own may be passed where nothing calls back.
  private static final Linker.Option WITH_ARRAYS = Linker.Option.critical(true);

  static final MethodHandle CREATE = find("wrt_mem_create_config", of(ADDRESS, ADDRESS));
  static final MethodHandle DESTROY = find("wrt_mem_destroy", of(JAVA_LONG));
  static final MethodHandle LEN = find("wrt_mem_len", of(JAVA_LONG, ADDRESS), WITH_ARRAYS);
  static final MethodHandle CHECK = find("wrt_mem_check", of(JAVA_LONG, JAVA_LONG, JAVA_LONG));
  static final MethodHandle READ = find("wrt_mem_read", of(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG), WITH_ARRAYS);
  static final MethodHandle WRITE = find("wrt_mem_write", of(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG), WITH_ARRAYS);
  static final MethodHandle FILL = find("wrt_mem_fill", of(JAVA_LONG, JAVA_LONG, JAVA_BYTE, JAVA_LONG));
  static final MethodHandle RESIZE = find("wrt_mem_resize", of(JAVA_LONG, JAVA_LONG));
  static final MethodHandle GROW = find("wrt_mem_grow", of(JAVA_LONG, JAVA_LONG, ADDRESS));
  static final MethodHandle VERSION = find("wrt_version", FunctionDescriptor.of(JAVA_INT));
  private static final MethodHandle STATUS_NAME = find("wrt_status_name", text());
  private static final MethodHandle STATUS_MESSAGE = find("wrt_status_message", text());
  private static final MethodHandle TIER_NAME = find("wrt_tier_name", text());

  private Native() {}

  private static FunctionDescriptor of(MemoryLayout... arguments) {
    return FunctionDescriptor.of(JAVA_INT, arguments);
  }

  private static FunctionDescriptor text() {
    return FunctionDescriptor.of(ADDRESS, JAVA_INT);
  }

  private static MethodHandle find(String name, FunctionDescriptor descriptor, Linker.Option... options) {
    return LINKER.downcallHandle(LIBRARY.findOrThrow(name), descriptor, options);
  }

  static String tierName(int tier) {
    return text(TIER_NAME, tier);
  }

  static void check(int status) {
    if (status != 0) throw failure(status);
  }

  static WrtException failure(int status) {
    return new WrtException(status, text(STATUS_NAME, status), text(STATUS_MESSAGE, status));
  }

  private static String text(MethodHandle function, int number) {
    try {
      MemorySegment text = (MemorySegment) function.invokeExact(number);
      return text.reinterpret(Long.MAX_VALUE).getString(0);
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** The struct of the C ABI over an allocator; it lives as long as the arena. */
  static MemorySegment over(Allocator allocator, Arena arena) {
    var called = new Callbacks(allocator);
    var made = arena.allocate(ALLOCATOR);
    made.set(JAVA_INT, 0, (int) ALLOCATOR.byteSize());
    made.set(ADDRESS, offset("allocate"), stub(called, "allocate", Callbacks.ALLOCATE, arena));
    made.set(ADDRESS, offset("deallocate"), stub(called, "deallocate", Callbacks.DEALLOCATE, arena));
    return made;
  }

  private static long offset(String member) {
    return ALLOCATOR.byteOffset(MemoryLayout.PathElement.groupElement(member));
  }

  private static MemorySegment stub(Callbacks called, String name, FunctionDescriptor descriptor, Arena arena) {
    try {
      MethodType type = descriptor.toMethodType();
      MethodHandle method = MethodHandles.lookup().findVirtual(Callbacks.class, name, type).bindTo(called);
      return LINKER.upcallStub(method, descriptor, arena);
    } catch (ReflectiveOperationException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** No exception crosses into C, where it would end the virtual machine: it is a refusal. */
  record Callbacks(Allocator allocator) {
    static final FunctionDescriptor ALLOCATE = FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG);
    static final FunctionDescriptor DEALLOCATE = FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG);

    MemorySegment allocate(MemorySegment context, long size, long alignment) {
      try {
        MemorySegment block = allocator.allocate(size, alignment);
        return block != null && block.isNative() ? block : MemorySegment.NULL;
      } catch (Throwable refused) {
        return MemorySegment.NULL;
      }
    }

    void deallocate(MemorySegment context, MemorySegment block, long size, long alignment) {
      try {
        allocator.deallocate(block, size, alignment);
      } catch (Throwable kept) {
        // It keeps the block.
      }
    }
  }
}
