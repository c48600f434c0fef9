/// What keeps a repository: making it, maintaining it, deleting snapshots, reading it back.
@org.jspecify.annotations.NullMarked
package dev.longshore.mover.upkeep;
