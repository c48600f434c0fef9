/// Finding out whether a store does what repositories rely on.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.blob.check;
