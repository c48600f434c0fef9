/// The agent's settings: the keys of Velero's node-agent ConfigMap, and ours.
@org.jspecify.annotations.NullMarked
package dev.longshore.agent.config;
