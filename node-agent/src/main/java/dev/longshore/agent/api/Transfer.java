package dev.longshore.agent.api;

import dev.longshore.kube.Json;
import dev.longshore.kube.JsonCodec;
import dev.longshore.kube.KubeObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A resource that asks for a volume to be moved, as it was last seen.
public record Transfer(TransferKind kind, KubeObject object) {
  private static final Duration DEFAULT_OPERATION_TIMEOUT = Duration.ofMinutes(10);

  /// What it is called in logs: `dataupload velero/x`.
  public String title() {
    return kind.resource().kind().toLowerCase(Locale.ROOT) + " " + key();
  }

  /// `namespace/name`.
  public String key() {
    return object.namespace() + "/" + object.name();
  }

  public String name() {
    return object.name();
  }

  /// Velero's namespace.
  public String namespace() {
    return object.namespace();
  }

  public String uid() {
    return object.uid();
  }

  public Phase phase() {
    return Phase.of(object.text("status", "phase"));
  }

  /// Whether somebody wants it to end: by `spec.cancel`, or by deleting it.
  public boolean isToStop() {
    return object.flag("spec", "cancel") || object.isBeingDeleted();
  }

  public String dataMover() {
    return object.text("spec", "datamover");
  }

  public String storageLocation() {
    return object.text("spec", "backupStorageLocation");
  }

  /// The namespace whose repository is used.
  public String repositoryNamespace() {
    return switch (kind) {
      case DATA_UPLOAD, DATA_DOWNLOAD, POD_VOLUME_RESTORE -> object.text("spec", "sourceNamespace");
      case POD_VOLUME_BACKUP -> object.text("spec", "pod", "namespace");
    };
  }

  /// The settings of the uploader that the backup or restore gave.
  public Map<String, String> moverConfig() {
    return object
        .object("spec", kind.isPodVolume() ? "uploaderSettings" : "dataMoverConfig")
        .strings();
  }

  /// The bound of each wait.
  public Duration operationTimeout() {
    return GoDuration.parse(object.text("spec", "operationTimeout"))
        .filter(timeout -> timeout.isPositive())
        .orElse(DEFAULT_OPERATION_TIMEOUT);
  }

  public Optional<Instant> accepted() {
    return object.time("status", "acceptedTimestamp");
  }

  public Optional<Instant> started() {
    return object.time("status", "startTimestamp");
  }

  /// Attempts begun, 0 before the first.
  public int attempt() {
    try {
      return Math.max(0, Integer.parseInt(object.annotation(Names.ATTEMPT)));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /// The annotation's JSON; empty if there is none or it is broken.
  public KubeObject noted(String annotation) {
    String text = object.annotation(annotation);
    if (text.isEmpty()) {
      return new KubeObject(Json.Obj.EMPTY);
    }
    try {
      return new KubeObject(JsonCodec.parseObject(text));
    } catch (IOException e) {
      return new KubeObject(Json.Obj.EMPTY);
    }
  }

  /// This transfer as it was written.
  public Transfer as(KubeObject written) {
    return new Transfer(kind, written);
  }
}
