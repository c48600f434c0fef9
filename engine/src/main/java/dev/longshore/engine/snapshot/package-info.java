/// Snapshots: made, listed, looked into, expired.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.snapshot;
