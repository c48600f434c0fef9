/// The agent's log, in the words and with the keys of Velero's.
@org.jspecify.annotations.NullMarked
package dev.longshore.agent.log;
