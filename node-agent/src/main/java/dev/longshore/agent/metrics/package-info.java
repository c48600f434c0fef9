/// What the agent counts, for Prometheus.
@org.jspecify.annotations.NullMarked
package dev.longshore.agent.metrics;
