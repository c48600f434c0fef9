/// Contents: deduplicated, sealed, packed and indexed.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.content;
