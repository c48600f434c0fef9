/// What is known to be damaged, and how it becomes sound again.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.repair;
