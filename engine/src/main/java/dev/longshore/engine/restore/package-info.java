/// Restores: planned by pack, checked content by content, and never outside the target.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.restore;
