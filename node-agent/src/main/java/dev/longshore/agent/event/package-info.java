/// What the agent tells people in the cluster: events about the objects that it looks after.
@org.jspecify.annotations.NullMarked
package dev.longshore.agent.event;
