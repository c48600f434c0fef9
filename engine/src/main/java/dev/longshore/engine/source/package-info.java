/// What is backed up: trees of files, and streams.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.source;
