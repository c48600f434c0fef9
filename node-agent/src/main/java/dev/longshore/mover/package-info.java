/// The data mover: what runs in the pod that a controller starts for a volume. Knows repositories;
/// of Kubernetes, its own resource.
@org.jspecify.annotations.NullMarked
package dev.longshore.mover;
