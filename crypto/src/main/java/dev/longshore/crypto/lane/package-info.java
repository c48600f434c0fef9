/// Pools of stateful cryptographic objects.
@org.jspecify.annotations.NullMarked
package dev.longshore.crypto.lane;
