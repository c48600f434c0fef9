/// Velero's resources and the names that others and we have given to things in the API.
@org.jspecify.annotations.NullMarked
package dev.longshore.agent.api;
