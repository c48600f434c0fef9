/// Commands that maintain a repository.
@org.jspecify.annotations.NullMarked
package dev.longshore.cli.maintenance;
