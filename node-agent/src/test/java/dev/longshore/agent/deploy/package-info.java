/// What is installed into clusters, held against what the program knows.
@org.jspecify.annotations.NullMarked
package dev.longshore.agent.deploy;
