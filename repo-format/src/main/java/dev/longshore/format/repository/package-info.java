/// The format blob, retention settings and what they contain.
@org.jspecify.annotations.NullMarked
package dev.longshore.format.repository;
