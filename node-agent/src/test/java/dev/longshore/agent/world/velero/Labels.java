package dev.longshore.agent.world.velero;

import dev.longshore.kube.Json;
import dev.longshore.kube.KubeObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Velero's labels, and the rule for values that are too long.
final class Labels {
  static final String BACKUP_NAME = "velero.io/backup-name";
  static final String BACKUP_UID = "velero.io/backup-uid";
  static final String RESTORE_NAME = "velero.io/restore-name";
  static final String RESTORE_UID = "velero.io/restore-uid";
  static final String CLAIM_UID = "velero.io/pvc-uid";
  static final String OPERATION = "velero.io/async-operation-id";

  private static final int MAX = 63;
  private static final int KEPT = 57;

  private Labels() {}

  /// A value, shortened to its first 57 characters and 6 digits of its SHA-256.
  static String shortened(String value) {
    if (value.length() <= MAX) {
      return value;
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
      return value.substring(0, KEPT) + HexFormat.of().formatHex(hash).substring(0, MAX - KEPT);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The owner references of what a Backup or Restore brings forth.
  static Json.Arr ownedBy(KubeObject owner) {
    return Json.Arr.of(
        Json.Obj.EMPTY
            .with("apiVersion", owner.text("apiVersion"))
            .with("kind", owner.kind())
            .with("name", owner.name())
            .with("uid", owner.uid())
            .with("controller", true));
  }
}
