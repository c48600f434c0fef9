/// Differences between two trees of a repository.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.compare;
