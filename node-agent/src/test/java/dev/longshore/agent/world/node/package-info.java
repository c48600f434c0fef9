/// Stand-ins of the scheduler and of kubelets, and the programs that pods run.
@org.jspecify.annotations.NullMarked
package dev.longshore.agent.world.node;
