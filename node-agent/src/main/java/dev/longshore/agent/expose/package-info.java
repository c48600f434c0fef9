/// How a volume is brought before a mover, and what is done with it afterwards: volumes from
/// snapshots, new volumes for restores, volumes of running pods; and the mover's pod itself.
///
/// Every step is found from what the API shows and may be repeated; nothing here waits.
@org.jspecify.annotations.NullMarked
package dev.longshore.agent.expose;
