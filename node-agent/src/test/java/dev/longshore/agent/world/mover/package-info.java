/// A data mover and a repository that exist in memory only.
@org.jspecify.annotations.NullMarked
package dev.longshore.agent.world.mover;
