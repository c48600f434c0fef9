/// A volume into a snapshot such as Velero's uploader makes.
@org.jspecify.annotations.NullMarked
package dev.longshore.mover.backup;
