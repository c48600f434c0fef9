/// Velero's layout of a block device in a repository.
@org.jspecify.annotations.NullMarked
package dev.longshore.format.block;
