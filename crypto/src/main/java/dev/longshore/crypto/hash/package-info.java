/// The keyed hashes that name contents.
@org.jspecify.annotations.NullMarked
package dev.longshore.crypto.hash;
