package dev.longshore.agent.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.agent.config.AgentConfig;
import dev.longshore.agent.world.Cluster;
import dev.longshore.agent.world.velero.VeleroSettings;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.server.Generation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Beside Velero's node agent, and in its place.
class CoexistenceTest {
  private static final Duration CLEAN = Duration.ofMinutes(30);

  @Test
  void veleroAgentsThatRestartTouchNoneOfOurTransfers() throws Exception {
    Shop shop = new Shop(Cluster.Options.of(21));
    shop.addAgent("agent-1");
    shop.addClaim("data", "fast");
    shop.cluster().repository().workTakes(Duration.ofMinutes(5));
    shop.cluster().addVeleroNodeAgents(1);
    shop.backUp("nightly");
    for (int i = 0; i < 20; i++) {
      shop.cluster().run(Duration.ofSeconds(20));
      shop.cluster().turns().restart("velero-node-agent-n1");
      shop.cluster().turns().restart("velero-node-agent-n2");
    }
    assertTrue(
        shop.cluster().runUntil(() -> Shop.areOver(shop.uploads(), 1), Shop.LONG),
        () -> Shop.text(shop.uploads()));
    KubeObject upload = shop.uploads().getFirst();
    assertEquals("Completed", Shop.phase(upload), () -> Shop.text(upload));
    assertFalse(upload.flag("spec", "cancel"));
    assertEquals(List.of(), shop.cluster().leaksAfter(CLEAN));
  }

  @Test
  void transfersOfOtherMoversAreNotOurs() throws Exception {
    Shop shop = new Shop(Cluster.Options.of(22).with(VeleroSettings.standard("somebody-else")));
    shop.addAgent("agent-1");
    shop.addClaim("data", "fast");
    shop.backUp("nightly");
    assertTrue(shop.cluster().runUntil(() -> !shop.uploads().isEmpty(), Duration.ofMinutes(5)));
    String before = shop.uploads().getFirst().resourceVersion();
    shop.cluster().run(Duration.ofHours(1));
    assertEquals(before, shop.uploads().getFirst().resourceVersion());
  }

  @ParameterizedTest
  @EnumSource(Generation.class)
  void standsInForVelerosAgent(Generation generation) throws Exception {
    Shop shop =
        new Shop(
            Cluster.Options.of(23).with(VeleroSettings.standard("")).with(generation),
            AgentConfig.defaults(),
            new Ownership("longshore", true));
    shop.addAgent("agent-1");
    shop.addClaim("data", "fast");
    assertEquals("Completed", shop.backUpToTheEnd("nightly"));
    shop.restore("drill", "nightly", "copy");
    assertTrue(
        shop.cluster().runUntil(() -> Shop.areOver(shop.downloads(), 1), Shop.LONG),
        () -> Shop.text(shop.downloads()));
    assertEquals(
        "Completed", Shop.phase(shop.downloads().getFirst()), () -> Shop.text(shop.downloads()));
    assertTrue(shop.isBound("copy", "data"));
    assertEquals(List.of(), shop.cluster().leaksAfter(CLEAN));
  }
}
