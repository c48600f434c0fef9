/// The repository as a whole: create, connect, open, write.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.repository;
