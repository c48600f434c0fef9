/// A repository with an index of millions of entries, and what it takes to use it.
@org.jspecify.annotations.NullMarked
package dev.longshore.bench.index;
