/// Reads the golden files.
@org.jspecify.annotations.NullMarked
package dev.longshore.format.golden;
