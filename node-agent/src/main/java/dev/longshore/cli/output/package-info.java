/// How values look to people and programs: sizes, durations, times, JSON lists, progress.
package dev.longshore.cli.output;
