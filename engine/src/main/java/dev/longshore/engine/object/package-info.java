/// Objects: byte streams made of contents.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.object;
