/// Tests of the agent's settings.
@org.jspecify.annotations.NullMarked
package dev.longshore.agent.config;
