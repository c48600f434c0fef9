/// Pack blobs: layout, recoverable local index, format copies.
@org.jspecify.annotations.NullMarked
package dev.longshore.format.pack;
