/// What can go wrong with a repository, sorted by what a caller can do about it.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.error;
