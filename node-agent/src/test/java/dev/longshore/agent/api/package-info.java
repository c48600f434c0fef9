/// Tests of what is Velero's.
@org.jspecify.annotations.NullMarked
package dev.longshore.agent.api;
