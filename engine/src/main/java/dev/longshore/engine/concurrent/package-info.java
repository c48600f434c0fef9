/// Budgets and pools that bound what runs at once.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.concurrent;
