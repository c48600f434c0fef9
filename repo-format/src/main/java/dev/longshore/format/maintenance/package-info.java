/// Maintenance parameters and schedule.
@org.jspecify.annotations.NullMarked
package dev.longshore.format.maintenance;
