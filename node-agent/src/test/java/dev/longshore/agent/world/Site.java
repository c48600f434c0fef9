package dev.longshore.agent.world;

import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.kube.KubeApi;
import java.util.random.RandomGenerator;

/// What every stand-in has: a way to the API, and the world's time, chance and settings.
public record Site(
    KubeApi api, FakeClock clock, RandomGenerator random, Delays delays, Troubles troubles) {}
