/// `repo policy …`.
@org.jspecify.annotations.NullMarked
package dev.longshore.cli.policy;
