/// From a backup storage location of Velero's, its credentials and password to an open repository.
@org.jspecify.annotations.NullMarked
package dev.longshore.mover.store;
