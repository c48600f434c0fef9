/// Indirect objects.
@org.jspecify.annotations.NullMarked
package dev.longshore.format.object;
