/// Directory streams.
@org.jspecify.annotations.NullMarked
package dev.longshore.format.directory;
