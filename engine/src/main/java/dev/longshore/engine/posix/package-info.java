/// The operating system's file calls, by file descriptor and raw name, through the foreign-function
/// interface.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.posix;
