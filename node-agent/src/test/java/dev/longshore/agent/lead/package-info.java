/// Tests of who leads.
@org.jspecify.annotations.NullMarked
package dev.longshore.agent.lead;
