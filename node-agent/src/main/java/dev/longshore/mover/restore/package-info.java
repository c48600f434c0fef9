/// A snapshot into a volume, whoever made it: this mover, Velero's or Kopia.
@org.jspecify.annotations.NullMarked
package dev.longshore.mover.restore;
