/// The repositories of a cluster: made ready, maintained by jobs, and rid of the snapshots of
/// deleted backups.
@org.jspecify.annotations.NullMarked
package dev.longshore.agent.repository;
