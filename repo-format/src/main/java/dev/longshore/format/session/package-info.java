/// Session markers.
@org.jspecify.annotations.NullMarked
package dev.longshore.format.session;
