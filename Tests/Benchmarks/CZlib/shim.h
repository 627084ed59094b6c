// What the benchmarks see of zlib.
#include <zlib.h>
