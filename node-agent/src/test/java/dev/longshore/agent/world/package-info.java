/// A Kubernetes cluster for tests: stand-ins for its controllers, kubelets, storage and for Velero,
/// which act through the API only, take turns on one thread, and live in virtual time. The same
/// seed gives the same run.
@org.jspecify.annotations.NullMarked
package dev.longshore.agent.world;
