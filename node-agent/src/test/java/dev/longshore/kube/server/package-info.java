/// A Kubernetes API in memory, for tests: it keeps the rules that clients and controllers trip over
/// (versions, finalizers, owners, schemas, permissions, watches), breaks on request, and takes its
/// time and chance from outside.
@org.jspecify.annotations.NullMarked
package dev.longshore.kube.server;
