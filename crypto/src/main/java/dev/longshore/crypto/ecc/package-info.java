/// Reed-Solomon error correction around stored bytes.
@org.jspecify.annotations.NullMarked
package dev.longshore.crypto.ecc;
