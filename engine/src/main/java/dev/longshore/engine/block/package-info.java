/// Backups of block devices in Velero's layout: which blocks changed, how that was found out, and
/// the list of all blocks.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.block;
