/// Volumes in snapshots as network block devices (NBD), to be read before they are restored.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.block.nbd;
