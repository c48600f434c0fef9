/// What is done about each resource: found from what the API shows, one step at a time, again and
/// again until nothing is left to do. No step depends on an event having been seen.
@org.jspecify.annotations.NullMarked
package dev.longshore.agent.reconcile;
