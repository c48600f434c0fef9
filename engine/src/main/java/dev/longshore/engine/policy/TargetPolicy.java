package dev.longshore.engine.policy;

import dev.longshore.format.policy.Policy;
import dev.longshore.format.snapshot.SourceInfo;

/// A policy as it is defined for a target.
public record TargetPolicy(SourceInfo target, Policy policy) {}
