/// Sealing contents and named blobs with the repository's hash, cipher and error correction.
@org.jspecify.annotations.NullMarked
package dev.longshore.format.seal;
