#ifndef CBENCHMARK_H
#define CBENCHMARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What the allocator was asked for between `bench_heap_start` and `bench_heap_stop`.
typedef struct {
    /// Calls that gave out or moved memory.
    uint64_t allocations;
    /// Bytes given out less bytes given back: negative if more was freed than allocated.
    int64_t live_bytes;
    /// The highest that `live_bytes` ever was.
    int64_t peak_bytes;
} bench_heap_counts;

/// Whether this C library's allocator can be counted.
bool bench_heap_is_counted(void);
/// Sets the counts to zero and starts to count, in all threads.
void bench_heap_start(void);
/// Stops counting and gives the counts.
bench_heap_counts bench_heap_stop(void);
/// Gives free memory back to the system, so that the resident size says what is in use.
void bench_heap_trim(void);

/// A plain gap buffer: the least that editing one text in memory can cost.
typedef struct {
    uint8_t *bytes;
    size_t gap_start;
    size_t gap_end;
    size_t capacity;
} bench_gap_buffer;

/// At `position`, delete `deleted` bytes, then insert the next `inserted` bytes of the typed text.
typedef struct {
    uint32_t position;
    uint32_t deleted;
    uint32_t inserted;
} bench_patch;

void bench_gap_buffer_init(bench_gap_buffer *buffer);
void bench_gap_buffer_free(bench_gap_buffer *buffer);
/// Bytes of text in it.
size_t bench_gap_buffer_count(const bench_gap_buffer *buffer);
/// Applies patches one after the other; `typed` is all that they insert, back to back.
void bench_gap_buffer_replay(
    bench_gap_buffer *buffer, const bench_patch *patches, size_t count, const uint8_t *typed);
/// Copies the text out; `target` has room for all of it.
void bench_gap_buffer_copy(const bench_gap_buffer *buffer, uint8_t *target);
/// For a text of 32-bit scalars: how many bytes of UTF-8 the scalars of a range take.
size_t bench_gap_buffer_utf8_count(const bench_gap_buffer *buffer, size_t start, size_t end);

#endif
