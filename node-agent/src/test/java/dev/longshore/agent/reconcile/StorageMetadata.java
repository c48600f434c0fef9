package dev.longshore.agent.reconcile;

import dev.longshore.agent.world.Cluster;
import dev.longshore.cbt.Extent;
import dev.longshore.cbt.MetadataAnswer;
import dev.longshore.cbt.MetadataMessage;
import dev.longshore.cbt.MetadataQuery;
import dev.longshore.cbt.MetadataResponder;
import dev.longshore.cbt.MetadataServer;
import dev.longshore.cbt.MetadataService;
import dev.longshore.engine.testkit.SelfSigned;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The snapshot metadata service of a cluster's storage: looks into the images of its snapshots.
final class StorageMetadata implements AutoCloseable {
  private static final String AUDIENCE = "csi.example.com/metadata";
  private static final int PIECE = 64 << 10;

  private final Cluster cluster;
  private final Path disks;
  private final boolean needsBase;
  private final MetadataServer server;
  private final Map<String, byte[]> remembered = new HashMap<>();
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private volatile Function<MetadataQuery, Optional<MetadataAnswer>> trouble =
      _ -> Optional.empty();

  /// @param folder of the cluster
  /// @param needsBase a delta begins with a snapshot that is still there
  StorageMetadata(Cluster cluster, Path folder, boolean needsBase) throws Exception {
    this.cluster = cluster;
    this.disks = folder.resolve("disks");
    this.needsBase = needsBase;
    Path keys = Files.createDirectory(folder.resolve("metadata-keys"));
    this.server = new MetadataServer(SelfSigned.make(keys, "dns:localhost"), this::answer);
    Resource version = MetadataService.VERSIONS.getFirst();
    cluster.server().register(version);
    MetadataService address = server.address(AUDIENCE);
    String certificate =
        Base64.getEncoder()
            .encodeToString(address.caCertificate().getBytes(StandardCharsets.UTF_8));
    cluster
        .server()
        .create(
            version,
            KubeObject.of(version, "", Cluster.DRIVER)
                .with(address.address(), "spec", "address")
                .with(AUDIENCE, "spec", "audience")
                .with(certificate, "spec", "caCert"));
  }

  /// What goes wrong from now on.
  void trouble(Function<MetadataQuery, Optional<MetadataAnswer>> what) {
    trouble = what;
  }

  /// The questions so far: `allocated`, `delta BASE`.
  List<String> asked() {
    return List.copyOf(asked);
  }

  private synchronized MetadataAnswer answer(MetadataResponder.Asked question) {
    String user = cluster.server().tokens().review(question.token(), AUDIENCE).orElse("");
    if (user.isEmpty()) {
      return MetadataAnswer.failure("UNAUTHENTICATED", "no such token");
    }
    MetadataQuery query = question.query();
    asked.add(
        query instanceof MetadataQuery.Delta(_, String base, _) ? "delta " + base : "allocated");
    Optional<MetadataAnswer> wrong = trouble.apply(query);
    if (wrong.isPresent()) {
      return wrong.get();
    }
    byte[] now = image(handle(query.namespace(), query.snapshot()));
    byte[] before = new byte[now.length];
    if (query instanceof MetadataQuery.Delta(_, String base, _)) {
      if (!remembered.containsKey(base) || (needsBase && !Files.exists(file(base)))) {
        return MetadataAnswer.failure("NOT_FOUND", "snapshot " + base + " is gone");
      }
      before = remembered.get(base);
    }
    return MetadataAnswer.whole(differences(before, now, question.startingOffset()));
  }

  private String handle(String namespace, String snapshot) {
    KubeObject found = cluster.server().find(Resource.VOLUME_SNAPSHOTS, namespace, snapshot);
    KubeObject content =
        cluster
            .server()
            .find(
                Resource.VOLUME_SNAPSHOT_CONTENTS,
                "",
                found == null ? "none" : found.text("status", "boundVolumeSnapshotContentName"));
    return content == null ? "none" : content.text("status", "snapshotHandle");
  }

  private Path file(String handle) {
    return disks.resolve(handle).resolve("image");
  }

  private byte[] image(String handle) {
    try {
      byte[] image = Files.readAllBytes(file(handle));
      remembered.put(handle, image);
      return image;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<MetadataMessage> differences(byte[] before, byte[] now, long from) {
    List<MetadataMessage> messages = new ArrayList<>();
    for (int at = 0; at < now.length; at += PIECE) {
      int end = Math.min(now.length, at + PIECE);
      boolean same = end <= before.length && Arrays.equals(before, at, end, now, at, end);
      if (!same && end > from) {
        messages.add(MetadataAnswer.message(now.length, new Extent(at, end - at)));
      }
    }
    return messages;
  }

  @Override
  public void close() {
    server.close();
  }
}
