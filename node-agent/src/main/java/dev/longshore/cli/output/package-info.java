/// How values look to people and programs: sizes, durations, times, JSON lists, progress.
@org.jspecify.annotations.NullMarked
package dev.longshore.cli.output;
