/// Whole lives of a repository in virtual time: writers, maintenance and a store with faults, all
/// decided by one seed (ADR 25).
package dev.longshore.engine.simulation;
