/// Stand-ins of a cluster's storage: volumes, claims, snapshots, and the disks behind them.
@org.jspecify.annotations.NullMarked
package dev.longshore.agent.world.storage;
