/// Which index blobs are in force: epochs and the V0 index sets.
@org.jspecify.annotations.NullMarked
package dev.longshore.format.epoch;
