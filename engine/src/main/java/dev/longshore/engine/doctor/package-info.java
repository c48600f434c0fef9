/// Looks a repository over and says in plain words what is wrong with it and what to do.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.doctor;
