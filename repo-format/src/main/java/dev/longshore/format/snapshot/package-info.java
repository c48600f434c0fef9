/// Snapshot manifests.
@org.jspecify.annotations.NullMarked
package dev.longshore.format.snapshot;
