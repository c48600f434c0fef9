package dev.longshore.engine.doctor;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repository.RepositoryAdmin;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.repository.FormatBlob;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// What can be seen of a repository without its password: whether the store can be read and
/// written, its clock, its format blob, and blobs that do not belong there.
final class StoreCheck {
  private static final Duration MAX_SKEW = Duration.ofMinutes(5);
  private static final Duration SESSION_LIFE = Duration.ofDays(1);
  private static final String PROBE = "longshore.doctor-";

  /// What names of blobs of a repository begin with.
  private static final List<String> KNOWN =
      List.of("p", "q", "n", "m", "l", "x", "s", "_log_", "kopia.");

  private final BlobStore store;
  private final Clock clock;
  private final RandomGenerator random;
  private final List<Finding> findings = new ArrayList<>();
  private long blobs;

  StoreCheck(BlobStore store, Clock clock, RandomGenerator random) {
    this.store = store;
    this.clock = clock;
    this.random = random;
  }

  /// Checks all; the store's own faults are findings.
  ///
  /// @param write whether a small blob may be written and deleted again
  List<Finding> run(boolean write) {
    try {
      list();
      formatBlob();
    } catch (RepositoryException e) {
      findings.add(
          Finding.damage(
              "store",
              "The store cannot be read: " + e.getMessage(),
              List.of(),
              "look at the store: network, permissions, credentials"));
      return findings;
    }
    if (write) {
      probe();
    }
    return findings;
  }

  long blobs() {
    return blobs;
  }

  private void list() throws RepositoryException {
    List<String> foreign = new ArrayList<>();
    List<String> probes = new ArrayList<>();
    List<String> sessions = new ArrayList<>();
    List<String> empty = new ArrayList<>();
    Instant longAgo = clock.instant().minus(SESSION_LIFE);
    long[] foreignCount = new long[1];
    store.list(
        "",
        blob -> {
          blobs++;
          BlobId id = blob.id();
          if (id.startsWith(PROBE)) {
            probes.add(id.value());
          } else if (KNOWN.stream().noneMatch(id::startsWith)) {
            if (foreignCount[0]++ <= Finding.MAX_DETAILS) {
              foreign.add(id.value());
            }
          } else if (id.startsWith("s") && blob.timestamp().isBefore(longAgo)) {
            sessions.add(id.value());
          } else if (blob.lengthBytes() == 0
              && empty.size() <= Finding.MAX_DETAILS
              && !id.startsWith("xe")
              && !id.startsWith("xw")) {
            empty.add(id.value());
          }
        });
    if (!foreign.isEmpty()) {
      findings.add(
          Finding.warning(
              "blobs",
              foreignCount[0]
                  + " blobs do not belong to a repository, or to one of a later version.",
              foreign,
              "keep other data elsewhere; nothing here touches these blobs"));
    }
    if (!sessions.isEmpty() || !probes.isEmpty()) {
      List<String> left = new ArrayList<>(sessions);
      left.addAll(probes);
      findings.add(
          Finding.info(
              "leftovers",
              left.size() + " blobs are left of clients that were cut off; they do no harm.",
              left,
              "repo maintenance run --full"));
    }
    if (!empty.isEmpty()) {
      findings.add(
          Finding.damage(
              "blobs", "Blobs are empty that should not be.", empty, "repo index recover"));
    }
  }

  private void formatBlob() throws RepositoryException {
    BlobId id = new BlobId(FormatBlob.BLOB_NAME);
    Optional<BlobMetadata> found = store.metadata(id);
    Optional<Copy> copy = newestCopy();
    String[] repair =
        copy.isPresent()
            ? new String[] {"repo repository repair " + store.description().type() + " …"}
            : new String[] {"put a copy of " + id + " back into the store from elsewhere"};
    if (found.isEmpty()) {
      findings.add(Finding.damage("format blob", id + " is missing.", List.of(), repair));
    } else if (!RepositoryAdmin.hasFormatBlob(store)) {
      findings.add(Finding.damage("format blob", id + " is damaged.", List.of(), repair));
    } else if (copy.isPresent() && !Arrays.equals(copy.get().bytes, store.get(id))) {
      findings.add(
          Finding.warning(
              "format blob",
              id + " is not the same as its copy in the newest pack that has one.",
              List.of("pack " + copy.get().pack),
              "if the repository cannot be opened: repo repository repair … --recover-format=yes"));
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared, only taken apart
  private record Copy(BlobId pack, byte[] bytes) {}

  private Optional<Copy> newestCopy() throws RepositoryException {
    BlobMetadata[] newest = new BlobMetadata[1];
    store.list(
        "q",
        pack -> {
          if (newest[0] == null || pack.timestamp().isAfter(newest[0].timestamp())) {
            newest[0] = pack;
          }
        });
    return newest[0] == null
        ? Optional.empty()
        : RepositoryAdmin.findFormatCopy(store, newest[0])
            .map(bytes -> new Copy(newest[0].id(), bytes));
  }

  /// Writes a blob, looks at its time, and deletes it.
  private void probe() {
    BlobId id = new BlobId(PROBE + Long.toHexString(random.nextLong()));
    Instant before = clock.instant();
    Optional<BlobMetadata> written;
    try {
      store.put(id, ByteBuffer.wrap(new byte[] {'?'}), PutOptions.NONE);
      written = store.metadata(id);
      store.delete(id);
    } catch (RepositoryException e) {
      findings.add(
          Finding.damage(
              "store",
              "The store can be read, but not written: " + e.getMessage(),
              List.of(),
              "look at the store: permissions, free space, locks"));
      return;
    }
    if (written.isEmpty()) {
      findings.add(
          Finding.damage(
              "store",
              "The store said that it had kept a blob, and did not have it.",
              List.of(id.value()),
              "repo content verify"));
      return;
    }
    Duration skew = Duration.between(before, written.get().timestamp());
    if (skew.abs().compareTo(MAX_SKEW) > 0) {
      findings.add(
          Finding.warning(
              "clock",
              "The clock of the store differs from this client's by "
                  + skew.abs().toSeconds()
                  + " seconds; maintenance refuses to run.",
              List.of(),
              "set the clock of this client, or of the store"));
    }
  }
}
