/// What the agent answers over HTTP: whether it lives, whether it is ready, what it has counted.
@org.jspecify.annotations.NullMarked
package dev.longshore.agent.serve;
