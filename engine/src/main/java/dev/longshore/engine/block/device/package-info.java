/// Block devices, and the image files that stand for them, read and written past the page cache.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.block.device;
