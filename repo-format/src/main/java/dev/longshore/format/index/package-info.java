/// Index blobs, versions 1 and 2: encode, decode, merge.
@org.jspecify.annotations.NullMarked
package dev.longshore.format.index;
