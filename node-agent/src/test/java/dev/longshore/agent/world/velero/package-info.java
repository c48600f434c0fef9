/// Stand-ins of Velero's server and of its node-agent.
@org.jspecify.annotations.NullMarked
package dev.longshore.agent.world.velero;
