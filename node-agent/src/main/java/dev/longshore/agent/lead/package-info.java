/// Which of the agents in a cluster does the work that only one may do.
@org.jspecify.annotations.NullMarked
package dev.longshore.agent.lead;
