/// The `benchmark` commands: how fast this machine is.
@org.jspecify.annotations.NullMarked
package dev.longshore.cli.benchmark;
