/// Verification of snapshots: everything reachable is indexed, stored and, on request, readable;
/// and what they take in the repository.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.verify;
