/// The filesystem store.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.blob.fs;
