/// JSON as Kopia writes it, and a checked reader.
@org.jspecify.annotations.NullMarked
package dev.longshore.format.json;
