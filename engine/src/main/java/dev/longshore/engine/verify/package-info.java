/// Verification of snapshots: everything reachable is indexed, stored and, on request, readable.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.verify;
