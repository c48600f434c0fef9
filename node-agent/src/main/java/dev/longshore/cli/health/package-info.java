/// What verifying, repairing and healing have in common.
@org.jspecify.annotations.NullMarked
package dev.longshore.cli.health;
