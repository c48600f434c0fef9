/// What transfers have left behind although they are no more: found, told, and on request removed.
@org.jspecify.annotations.NullMarked
package dev.longshore.agent.janitor;
