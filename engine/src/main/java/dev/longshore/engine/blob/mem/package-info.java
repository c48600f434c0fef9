/// The store in memory.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.blob.mem;
