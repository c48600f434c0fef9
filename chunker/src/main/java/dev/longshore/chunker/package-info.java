/// Splitters behind one facade: fixed, buzhash and Rabin-Karp.
@org.jspecify.annotations.NullMarked
package dev.longshore.chunker;
