/// Volumes out of snapshots: to block devices, image files and qcow2 files.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.block.restore;
