/// Compression headers and codecs.
@org.jspecify.annotations.NullMarked
package dev.longshore.format.compress;
