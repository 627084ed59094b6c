// Stands between the program and glibc's allocator, and counts while it is told to. While it is
// not, a call costs one more branch. The executable's definitions win over the shared library's.
#include "CBenchmark.h"

#include <stdlib.h>

// A sanitizer has an allocator of its own.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_SANITIZER
#endif
#endif

#if defined(__GLIBC__) && !defined(HAS_SANITIZER)

#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *block);

static atomic_bool is_counting;
static atomic_uint_least64_t allocations;
static atomic_int_least64_t live_bytes;
static atomic_int_least64_t peak_bytes;

static void note_growth(int64_t bytes) {
    int64_t live = atomic_fetch_add_explicit(&live_bytes, bytes, memory_order_relaxed) + bytes;
    int64_t peak = atomic_load_explicit(&peak_bytes, memory_order_relaxed);
    while (live > peak
           && !atomic_compare_exchange_weak_explicit(
               &peak_bytes, &peak, live, memory_order_relaxed, memory_order_relaxed)) {
    }
}

static inline bool counting(void) {
    return atomic_load_explicit(&is_counting, memory_order_relaxed);
}

static void *note_block(void *block) {
    if (counting() && block) {
        atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed);
        note_growth((int64_t)malloc_usable_size(block));
    }
    return block;
}

void *malloc(size_t size) { return note_block(__libc_malloc(size)); }

void *calloc(size_t count, size_t size) { return note_block(__libc_calloc(count, size)); }

void *memalign(size_t alignment, size_t size) {
    return note_block(__libc_memalign(alignment, size));
}

void *aligned_alloc(size_t alignment, size_t size) {
    return note_block(__libc_memalign(alignment, size));
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    if (alignment % sizeof(void *) || (alignment & (alignment - 1)) || !alignment) return EINVAL;
    void *block = note_block(__libc_memalign(alignment, size));
    if (!block) return ENOMEM;
    *result = block;
    return 0;
}

void *realloc(void *block, size_t size) {
    if (!counting()) return __libc_realloc(block, size);
    int64_t before = block ? (int64_t)malloc_usable_size(block) : 0;
    void *moved = __libc_realloc(block, size);
    if (moved) {
        atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed);
        note_growth((int64_t)malloc_usable_size(moved) - before);
    } else if (!size) {
        note_growth(-before);
    }
    return moved;
}

void free(void *block) {
    if (counting() && block) note_growth(-(int64_t)malloc_usable_size(block));
    __libc_free(block);
}

bool bench_heap_is_counted(void) { return true; }

void bench_heap_start(void) {
    atomic_store(&allocations, 0);
    atomic_store(&live_bytes, 0);
    atomic_store(&peak_bytes, 0);
    atomic_store(&is_counting, true);
}

bench_heap_counts bench_heap_stop(void) {
    atomic_store(&is_counting, false);
    return (bench_heap_counts){
        .allocations = atomic_load(&allocations),
        .live_bytes = atomic_load(&live_bytes),
        .peak_bytes = atomic_load(&peak_bytes),
    };
}

void bench_heap_trim(void) { malloc_trim(0); }

#else

bool bench_heap_is_counted(void) { return false; }
void bench_heap_start(void) {}
bench_heap_counts bench_heap_stop(void) { return (bench_heap_counts){0}; }
void bench_heap_trim(void) {}

#endif
