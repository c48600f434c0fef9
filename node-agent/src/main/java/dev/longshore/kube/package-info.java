/// The Kubernetes API as Longshore uses it: objects as JSON trees that keep what they do not know,
/// and a client that reads, writes and watches them. Knows neither the repository engine nor
/// Velero.
@org.jspecify.annotations.NullMarked
package dev.longshore.kube;
