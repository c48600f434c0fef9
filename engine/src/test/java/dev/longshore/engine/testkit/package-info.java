/// Test doubles, faults, clocks, seeds and golden repositories, shared by all modules as the
/// engine's test-jar.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.testkit;
