/// Blob stores: bytes by name, and the decorators around them.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.blob;
