/// Changed block tracking: which blocks of a volume hold anything, or differ from an earlier
/// snapshot, as the CSI SnapshotMetadata service of the volume's driver tells it.
@org.jspecify.annotations.NullMarked
package dev.longshore.cbt;
