/// What a controller tells a data mover, and what it is told: the contract between the agent, which
/// knows Kubernetes, and the mover's pod, which knows repositories. Neither sees more of the other.
///
/// A mover is started as `data-mover TASK [OPTION...]`, with the names of [TaskOption] and
/// [TaskKind]. What it is to reach is in the environment variable [StorageLocation#VARIABLE], as
/// JSON; credentials, the repository's password and a CA are files. While it runs it sends events
/// about its resource ([TaskEvent]); at its end it writes a [TaskReport] to its termination
/// message. Cancelling is SIGTERM, or `spec.cancel` of its resource.
@org.jspecify.annotations.NullMarked
package dev.longshore.mover.task;
