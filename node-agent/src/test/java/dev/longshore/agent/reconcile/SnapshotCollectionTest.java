package dev.longshore.agent.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.agent.api.Velero;
import dev.longshore.agent.world.Cluster;
import dev.longshore.agent.world.mover.DummyRepository;
import dev.longshore.agent.world.velero.BackupDeletion;
import dev.longshore.kube.DeleteOptions;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import dev.longshore.mover.task.TaskKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Snapshots go with their backup, and only then.
class SnapshotCollectionTest {
  private static final Duration CLEAN = Duration.ofMinutes(10);

  private static Shop shopWithBackup(long seed) throws Exception {
    Shop shop = new Shop(Cluster.Options.of(seed));
    shop.cluster().addBackupSync();
    shop.addAgent("agent-1");
    shop.addClaim("data", "fast");
    shop.addClaim("more", "fast");
    assertEquals("Completed", shop.backUpToTheEnd("nightly"));
    assertEquals(2, snapshots(shop));
    return shop;
  }

  private static int snapshots(Shop shop) {
    return shop.cluster().repository().snapshots().size();
  }

  private static void requestDeletion(Shop shop) throws KubeException {
    KubeObject backup = shop.cluster().server().get(Velero.BACKUPS, Shop.VELERO, "nightly");
    shop.cluster().server().create(Velero.DELETE_BACKUP_REQUESTS, BackupDeletion.request(backup));
  }

  private static void setLocation(Shop shop, String phase) throws KubeException {
    KubeObject location =
        shop.cluster().server().get(Velero.STORAGE_LOCATIONS, Shop.VELERO, "default");
    shop.cluster()
        .server()
        .replace(Velero.STORAGE_LOCATIONS, location.with(phase, "status", "phase"));
  }

  private static boolean isLedgerLeft(Shop shop) {
    return shop.cluster().server().all(Resource.CONFIG_MAPS).stream()
        .anyMatch(one -> !one.label("longshore.dev/snapshots").isEmpty());
  }

  @Test
  void snapshotsOfDeletedBackupGo() throws Exception {
    Shop shop = shopWithBackup(1);
    assertTrue(isLedgerLeft(shop));
    requestDeletion(shop);
    shop.cluster().run(Duration.ofMinutes(30));
    assertEquals(2, snapshots(shop), "too early");
    assertTrue(shop.cluster().runUntil(() -> snapshots(shop) == 0, Shop.LONG));
    assertTrue(shop.cluster().runUntil(() -> !isLedgerLeft(shop), Shop.LONG));
    shop.cluster().run(Duration.ofHours(1));
    assertEquals(List.of(), shop.cluster().server().all(Resource.JOBS));
    assertEquals(List.of(), shop.cluster().leaksAfter(CLEAN));
  }

  @Test
  void snapshotsOfExpiredBackupGo() throws Exception {
    Shop shop = shopWithBackup(2);
    KubeObject backup = shop.cluster().server().get(Velero.BACKUPS, Shop.VELERO, "nightly");
    Instant soon = shop.cluster().clock().instant().plus(Duration.ofMinutes(20));
    shop.cluster().server().replace(Velero.BACKUPS, backup.with(soon, "status", "expiration"));
    assertTrue(shop.cluster().runUntil(() -> snapshots(shop) == 0, Shop.LONG));
  }

  @Test
  void backupWhoseResourceIsDeletedKeepsItsSnapshots() throws Exception {
    Shop shop = shopWithBackup(3);
    for (int i = 0; i < 3; i++) {
      shop.cluster().server().delete(Velero.BACKUPS, Shop.VELERO, "nightly", DeleteOptions.DEFAULT);
      shop.cluster().run(Duration.ofHours(2));
      assertTrue(shop.cluster().server().find(Velero.BACKUPS, Shop.VELERO, "nightly") != null);
      assertEquals(2, snapshots(shop));
    }
    shop.restore("drill", "nightly", "copy");
    assertTrue(shop.cluster().runUntil(() -> Shop.areOver(shop.downloads(), 2), Shop.LONG));
    assertEquals("Completed", Shop.phase(shop.downloads().getFirst()));
    // And when it is deleted indeed, they go, although its resource has another UID.
    requestDeletion(shop);
    assertTrue(shop.cluster().runUntil(() -> snapshots(shop) == 0, Shop.LONG));
  }

  @Test
  void nothingIsDeletedWithoutComparingWithTheBucket() throws Exception {
    Shop shop = shopWithBackup(4);
    shop.cluster().turns().crash("velero-backup-sync");
    shop.cluster().server().delete(Velero.BACKUPS, Shop.VELERO, "nightly", DeleteOptions.DEFAULT);
    shop.cluster().run(Duration.ofHours(3));
    assertEquals(2, snapshots(shop));
    shop.cluster().turns().restart("velero-backup-sync");
  }

  @Test
  void nothingIsDeletedWhereTheLocationIsUnavailable() throws Exception {
    Shop shop = shopWithBackup(5);
    requestDeletion(shop);
    shop.cluster().run(Duration.ofMinutes(10));
    setLocation(shop, "Unavailable");
    shop.cluster().run(Duration.ofHours(3));
    assertEquals(2, snapshots(shop));
    setLocation(shop, "Available");
    assertTrue(shop.cluster().runUntil(() -> snapshots(shop) == 0, Shop.LONG));
  }

  @Test
  void newBackupOfTheSameNameDoesNotKeepTheOldOnesSnapshots() throws Exception {
    Shop shop = shopWithBackup(6);
    requestDeletion(shop);
    shop.cluster().run(Duration.ofMinutes(5));
    assertEquals("Completed", shop.backUpToTheEnd("nightly"));
    assertEquals(4, snapshots(shop));
    List<String> own =
        shop.uploads().stream().map(one -> one.text("status", "snapshotID")).toList();
    assertTrue(shop.cluster().runUntil(() -> snapshots(shop) == 2, Shop.LONG));
    shop.cluster().run(Duration.ofHours(3));
    assertEquals(
        own.stream().sorted().toList(),
        shop.cluster().repository().snapshots().stream()
            .map(DummyRepository.Snapshot::id)
            .toList());
  }

  @Test
  void deletionThatFailsIsRepeated() throws Exception {
    Shop shop = shopWithBackup(7);
    shop.cluster()
        .repository()
        .behave(
            call -> call.kind() == TaskKind.FORGET,
            new DummyRepository.Behaviour.Fails("StoreUnavailable", "no answer", true),
            2);
    requestDeletion(shop);
    assertTrue(shop.cluster().runUntil(() -> snapshots(shop) == 0, Shop.LONG));
    assertTrue(shop.cluster().runUntil(() -> !isLedgerLeft(shop), Shop.LONG));
  }
}
