package dev.longshore.agent.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Names of objects and values of labels, and the keys that are ours.
public final class Names {
  private static final String PREFIX = "longshore.dev/";

  /// The UID of the transfer that an object was made for.
  public static final String OWNER_UID_LABEL = PREFIX + "owner-uid";

  /// The transfer that an object was made for, `kind.name`, shortened.
  public static final String OWNER_LABEL = PREFIX + "owner";

  /// What a pod does: a word of TaskKind.
  public static final String TASK_LABEL = PREFIX + "task";

  /// The group over which mover pods are spread.
  public static final String POD_GROUP_LABEL = PREFIX + "pod-group";

  /// The attempt that a pod is, from 1 on.
  public static final String ATTEMPT_LABEL = PREFIX + "attempt";

  /// On a volume snapshot and its content that are kept for the next backup's delta: the claim that
  /// they are of, as `NAMESPACE.NAME`, shortened.
  public static final String BASE_OF_LABEL = PREFIX + "base-of";

  /// On a transfer: attempts begun.
  public static final String ATTEMPT = PREFIX + "attempt";

  /// On a transfer: why the last attempt ended.
  public static final String LAST_FAILURE = PREFIX + "last-failure";

  /// On a transfer: JSON of what was learned about its snapshot before anything was changed.
  public static final String ORIGIN = PREFIX + "origin";

  /// On a transfer: JSON of the volume that holds the restored data while it changes hands.
  public static final String RESTORED_VOLUME = PREFIX + "restored-volume";

  /// On a transfer: the node of its mover.
  public static final String NODE = PREFIX + "node";

  /// On a transfer: the pod of this attempt, once it has been seen running.
  public static final String POD_UID = PREFIX + "pod-uid";

  /// On a transfer: when the attempt began, if it is not the first.
  public static final String ATTEMPT_STARTED = PREFIX + "attempt-started";

  /// On a transfer: everything that the mover says about how it worked.
  public static final String DETAILS = PREFIX + "details";

  /// On a repository: the storage location as it was when it was prepared, in digits.
  public static final String LOCATION = PREFIX + "location";

  /// On a repository: JSON of what was read back last.
  public static final String VERIFIED = PREFIX + "verified";

  /// On the record of a backup's snapshots.
  public static final String SNAPSHOTS_LABEL = PREFIX + "snapshots";

  /// On the record of a backup's snapshots: the backup's name.
  public static final String BACKUP = PREFIX + "backup";

  /// On the record of a backup's snapshots: since when the backup is gone.
  public static final String GONE_SINCE = PREFIX + "gone-since";

  private static final int MAX_LABEL_CHARS = 63;
  private static final int KEPT_CHARS = 57;

  private Names() {}

  /// A value that fits a label or a name of 63 characters: what is longer ends in six digits of its
  /// SHA-256. The rule is Velero's, which finds objects by it.
  public static String label(String value) {
    if (value.length() <= MAX_LABEL_CHARS) {
      return value;
    }
    String digits = HexFormat.of().formatHex(sha256(value));
    return value.substring(0, KEPT_CHARS) + digits.substring(0, MAX_LABEL_CHARS - KEPT_CHARS);
  }

  /// The name of what is made for a transfer: not its own name, by which Velero's agent would take
  /// a pod for its own.
  public static String object(String transferName) {
    return label("longshore-" + transferName);
  }

  /// The name of the pod of one attempt.
  public static String pod(String transferName, int attempt) {
    return label(object(transferName) + "-a" + attempt);
  }

  /// Digits that stand for a text.
  public static String digest(String text) {
    return HexFormat.of().formatHex(sha256(text), 0, 16);
  }

  private static byte[] sha256(String value) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
