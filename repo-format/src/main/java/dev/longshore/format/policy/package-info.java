/// Policies: their stored form.
@org.jspecify.annotations.NullMarked
package dev.longshore.format.policy;
