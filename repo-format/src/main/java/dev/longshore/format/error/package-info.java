/// What can be wrong with bytes.
@org.jspecify.annotations.NullMarked
package dev.longshore.format.error;
