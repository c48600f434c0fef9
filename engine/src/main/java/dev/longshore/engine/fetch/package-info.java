/// Reading the contents of many objects at once, in the order of the packs.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.fetch;
