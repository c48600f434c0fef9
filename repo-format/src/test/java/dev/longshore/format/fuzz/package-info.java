/// Hostile input for decoders.
@org.jspecify.annotations.NullMarked
package dev.longshore.format.fuzz;
