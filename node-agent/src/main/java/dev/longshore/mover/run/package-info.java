/// What every task of a mover runs in: its options, log, events and progress, the resource it waits
/// for and is cancelled by, and how what goes wrong becomes a reason.
@org.jspecify.annotations.NullMarked
package dev.longshore.mover.run;
