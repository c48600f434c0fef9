/// Which extended attributes are kept, and what is done about those that cannot be.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.attribute;
