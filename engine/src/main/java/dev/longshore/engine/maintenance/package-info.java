/// Maintenance of a repository: collects garbage, keeps packs full and index blobs few.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.maintenance;
