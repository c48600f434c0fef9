/// The node agent: its entry point and the one loop that everything happens in.
@org.jspecify.annotations.NullMarked
package dev.longshore.agent;
