/// Manifest contents.
@org.jspecify.annotations.NullMarked
package dev.longshore.format.manifest;
