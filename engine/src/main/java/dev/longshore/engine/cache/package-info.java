/// What a client keeps of a repository on its own disk.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.cache;
