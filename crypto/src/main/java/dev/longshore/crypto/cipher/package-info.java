/// Authenticated encryption of contents, indexes and the format blob.
@org.jspecify.annotations.NullMarked
package dev.longshore.crypto.cipher;
