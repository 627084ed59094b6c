// A text with one gap that follows the edits: what an editor without history does. It checks
// nothing: whoever prepares the patches has proved that they stay inside the text.
#include "CBenchmark.h"

#include <stdlib.h>
#include <string.h>

void bench_gap_buffer_init(bench_gap_buffer *buffer) { *buffer = (bench_gap_buffer){0}; }

void bench_gap_buffer_free(bench_gap_buffer *buffer) {
    free(buffer->bytes);
    *buffer = (bench_gap_buffer){0};
}

size_t bench_gap_buffer_count(const bench_gap_buffer *buffer) {
    return buffer->capacity - (buffer->gap_end - buffer->gap_start);
}

static void move_gap(bench_gap_buffer *buffer, size_t position) {
    if (position < buffer->gap_start) {
        size_t count = buffer->gap_start - position;
        memmove(
            buffer->bytes + buffer->gap_end - count, buffer->bytes + position, count);
        buffer->gap_start -= count;
        buffer->gap_end -= count;
    } else if (position > buffer->gap_start) {
        size_t count = position - buffer->gap_start;
        memmove(
            buffer->bytes + buffer->gap_start, buffer->bytes + buffer->gap_end, count);
        buffer->gap_start += count;
        buffer->gap_end += count;
    }
}

static void widen_gap(bench_gap_buffer *buffer, size_t needed) {
    size_t capacity = buffer->capacity ? buffer->capacity : 256;
    size_t count = bench_gap_buffer_count(buffer);
    while (capacity - count < needed) capacity *= 2;
    uint8_t *bytes = realloc(buffer->bytes, capacity);
    if (!bytes) abort();
    size_t behind = buffer->capacity - buffer->gap_end;
    memmove(bytes + capacity - behind, bytes + buffer->gap_end, behind);
    buffer->bytes = bytes;
    buffer->gap_end = capacity - behind;
    buffer->capacity = capacity;
}

/// A copy that makes no call for what is typed most: one character.
static inline void insert(uint8_t *target, const uint8_t *typed, size_t count) {
    if (count == 1) {
        *target = *typed;
    } else if (count == 4) {
        memcpy(target, typed, 4);
    } else if (count) {
        memcpy(target, typed, count);
    }
}

void bench_gap_buffer_replay(
    bench_gap_buffer *buffer, const bench_patch *patches, size_t count, const uint8_t *typed) {
    for (size_t index = 0; index < count; index++) {
        bench_patch patch = patches[index];
        if (patch.position + patch.deleted == buffer->gap_start) {
            // Backspace: the gap grows to the left.
            buffer->gap_start = patch.position;
        } else {
            if (patch.position != buffer->gap_start) move_gap(buffer, patch.position);
            buffer->gap_end += patch.deleted;
        }
        if (buffer->gap_end - buffer->gap_start < patch.inserted) {
            widen_gap(buffer, patch.inserted);
        }
        insert(buffer->bytes + buffer->gap_start, typed, patch.inserted);
        buffer->gap_start += patch.inserted;
        typed += patch.inserted;
    }
}

void bench_gap_buffer_copy(const bench_gap_buffer *buffer, uint8_t *target) {
    if (buffer->gap_start) memcpy(target, buffer->bytes, buffer->gap_start);
    size_t behind = buffer->capacity - buffer->gap_end;
    if (behind) memcpy(target + buffer->gap_start, buffer->bytes + buffer->gap_end, behind);
}

static size_t utf8_width(uint32_t scalar) {
    return 1 + (scalar >= 0x80) + (scalar >= 0x800) + (scalar >= 0x10000);
}

size_t bench_gap_buffer_utf8_count(const bench_gap_buffer *buffer, size_t start, size_t end) {
    size_t sum = 0;
    for (size_t index = start; index < end; index++) {
        size_t offset = index * sizeof(uint32_t);
        if (offset >= buffer->gap_start) offset += buffer->gap_end - buffer->gap_start;
        uint32_t scalar;
        memcpy(&scalar, buffer->bytes + offset, sizeof scalar);
        sum += utf8_width(scalar);
    }
    return sum;
}
