package dev.longshore.agent.lead;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.kube.Resource;
import dev.longshore.kube.server.ApiServer;
import dev.longshore.kube.server.Faults;
import dev.longshore.kube.server.Generation;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LeadershipTest {
  private static final String LEASE = "agents";

  private Instant now = Instant.parse("2026-01-02T03:04:05Z");
  private final ApiServer server = ApiServer.withVelero(Generation.NEW, () -> now, new Random(1));

  private Leadership of(String identity) {
    return new Leadership(server, () -> now, "velero", LEASE, identity);
  }

  private String holder() {
    return Objects.requireNonNull(server.find(Resource.LEASES, "velero", LEASE))
        .text("spec", "holderIdentity");
  }

  @Test
  void waitsForAnotherPodsLeaseToRunOut() {
    assertTrue(of("agent-1_1-100").step());
    Leadership other = of("agent-2_1-200");
    Instant begin = now;
    while (!other.step()) {
      now = now.plus(Duration.ofSeconds(1));
    }
    Duration waited = Duration.between(begin, now);
    assertTrue(waited.compareTo(Leadership.DURATION) >= 0, waited.toString());
    assertTrue(waited.compareTo(Leadership.DURATION.plusSeconds(5)) < 0, waited.toString());
    assertEquals("agent-2_1-200", holder());
  }

  @Test
  void goesOnAtOnceWhereTheSamePodWasRestarted() {
    assertTrue(of("agent-1_1-100").step());
    assertTrue(of("agent-1_1-200").step());
    assertEquals("agent-1_1-200", holder());
    assertFalse(of("agent-11_1-300").step());
  }

  @Test
  void takesNothingFromOthersOutOfPods() {
    assertTrue(of("agent-7-100").step());
    assertFalse(of("agent-7-200").step());
  }

  @Test
  void stopsBeforeOthersTakeOverIfItCannotRenew() {
    Leadership leader = of("agent-1_1-100");
    assertTrue(leader.step());
    server
        .faults()
        .on(request -> request.resource().equals(Resource.LEASES))
        .always()
        .before(Faults.unavailable());
    Instant begin = now;
    while (leader.step()) {
      now = now.plus(Duration.ofSeconds(1));
    }
    assertTrue(Duration.between(begin, now).compareTo(Leadership.DURATION) < 0);
  }

  @Test
  void freesTheLeaseForTheNextOne() {
    Leadership leader = of("agent-1_1-100");
    assertTrue(leader.step());
    assertTrue(leader.release());
    assertTrue(of("agent-2_1-200").step());
  }
}
