/// Micro-benchmarks of the hot loops (`bin/bench jmh`). Where bytes go through, one operation is
/// one mebibyte, so that operations per second are MiB/s.
@NullMarked
package dev.longshore.bench.jmh;

import org.jspecify.annotations.NullMarked;
