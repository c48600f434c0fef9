package dev.longshore.agent.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.agent.world.Cluster;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The agent may end at any of its writes, before or after it took effect, and another goes on.
class TransferCrashTest {
  private static final Duration CLEAN = Duration.ofMinutes(30);
  private static final Duration DOWN = Duration.ofSeconds(30);
  private static final int ENOUGH = 80;

  @Test
  void crashAtAnyWriteOfBackupOnlyDelaysIt() throws Exception {
    int crashes = 0;
    for (int number = 1; number <= ENOUGH; number++) {
      boolean crashed = false;
      for (boolean written : new boolean[] {false, true}) {
        Shop shop = new Shop(Cluster.Options.of(number));
        shop.addAgent("agent-1");
        shop.addClaim("data", "fast");
        shop.cluster().turns().crashAtWrite("agent-1", number, written, DOWN);
        shop.backUp("nightly");
        check(shop, shop::uploads, "write " + number + (written ? ", written" : ", not written"));
        crashed |= shop.cluster().turns().writes("agent-1") >= number;
      }
      if (!crashed) {
        break;
      }
      crashes++;
    }
    assertTrue(crashes > 10, "crashes: " + crashes);
  }

  @Test
  void crashAtAnyWriteOfRestoreOnlyDelaysIt() throws Exception {
    for (int number = 1; number <= ENOUGH / 2; number++) {
      for (boolean written : new boolean[] {false, true}) {
        Shop shop = new Shop(Cluster.Options.of(number));
        shop.addAgent("agent-1");
        shop.addClaim("data", "fast");
        assertEquals("Completed", shop.backUpToTheEnd("nightly"));
        shop.cluster().turns().crashAtWrite("agent-1", number, written, DOWN);
        shop.restore("drill", "nightly", "copy");
        String what = "write " + number + (written ? ", written" : ", not written");
        check(shop, shop::downloads, what);
        assertTrue(shop.isBound("copy", "data"), what);
      }
    }
  }

  @Test
  void twoAgentsThatCrashInTurnComeToTheSameEnd() throws Exception {
    for (int number = 1; number <= ENOUGH / 2; number++) {
      Shop shop = new Shop(Cluster.Options.of(1000 + number));
      shop.addAgent("agent-1");
      shop.addAgent("agent-2");
      shop.addClaim("data", "fast");
      shop.cluster().turns().crashAtWrite("agent-1", number, true, DOWN);
      shop.cluster().turns().crashAtWrite("agent-2", number, false, DOWN);
      shop.backUp("nightly");
      check(shop, shop::uploads, "write " + number);
    }
  }

  private interface Transfers {
    List<KubeObject> get() throws KubeException;
  }

  private static void check(Shop shop, Transfers transfers, String what) throws KubeException {
    boolean over =
        shop.cluster()
            .runUntil(
                () -> {
                  try {
                    return Shop.areOver(transfers.get(), 1);
                  } catch (KubeException e) {
                    throw new IllegalStateException(e);
                  }
                },
                Shop.LONG);
    String text = what + ": " + Shop.text(transfers.get());
    assertTrue(over, text);
    assertEquals("Completed", Shop.phase(transfers.get().getFirst()), text);
    assertEquals(List.of(), shop.cluster().leaksAfter(CLEAN), text);
  }
}
