package dev.longshore.engine.doctor;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repository.RepositoryAdmin;
import dev.longshore.engine.sync.RepositorySync;
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
  private static final String DELETE = "repo blob delete --dangerous-commands=enabled ";

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
    Names foreign = new Names();
    Names probes = new Names();
    Names sessions = new Names();
    Names empty = new Names();
    boolean[] copying = new boolean[1];
    Instant longAgo = clock.instant().minus(SESSION_LIFE);
    store.list(
        "",
        blob -> {
          blobs++;
          BlobId id = blob.id();
          if (id.equals(RepositorySync.UNFINISHED)) {
            copying[0] = true;
          } else if (id.startsWith(PROBE)) {
            probes.add(id.value());
          } else if (KNOWN.stream().noneMatch(id::startsWith)) {
            foreign.add(id.value());
          } else if (id.startsWith("s") && blob.timestamp().isBefore(longAgo)) {
            sessions.add(id.value());
          } else if (blob.lengthBytes() == 0 && !id.startsWith("xe") && !id.startsWith("xw")) {
            empty.add(id.value());
          }
        });
    if (copying[0]) {
      findings.add(
          Finding.warning(
              "copy",
              "This place is a copy that is being made or brought up to date, or whose making was"
                  + " cut off: its newest snapshots may lack contents.",
              List.of(),
              "repo repository sync-to …, from the original, until it ends"));
    }
    if (!foreign.isEmpty()) {
      findings.add(
          Finding.warning(
              "blobs",
              foreign.count()
                  + " blobs do not belong to a repository, or to one of a later version.",
              foreign.details(),
              "keep other data elsewhere; nothing here touches these blobs"));
    }
    if (!sessions.isEmpty()) {
      findings.add(
          Finding.info(
              "leftovers",
              sessions.count() + " blobs are left of clients that were cut off; they do no harm.",
              sessions.details(),
              "repo maintenance run --full"));
    }
    if (!probes.isEmpty()) {
      findings.add(
          Finding.info(
              "leftovers",
              probes.count() + " blobs are left that were written to try the store.",
              probes.details(),
              DELETE + "NAME"));
    }
    if (!empty.isEmpty()) {
      findings.add(
          Finding.damage(
              "blobs",
              empty.count() + " blobs are empty that should not be.",
              empty.details(),
              "repo index recover"));
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

  /// Writes a blob, looks at its time, and deletes it, whatever happens between.
  private void probe() {
    BlobId id = new BlobId(PROBE + Long.toHexString(random.nextLong()));
    try {
      store.put(id, ByteBuffer.wrap(new byte[] {'?'}), PutOptions.NONE);
      judge(id, clock.instant());
    } catch (RepositoryException e) {
      findings.add(
          Finding.damage(
              "store",
              "The store can be read, but not written: " + e.getMessage(),
              List.of(),
              "look at the store: permissions, free space, locks"));
    } finally {
      deleteProbe(id);
    }
  }

  /// A put that failed may have taken effect all the same.
  private void deleteProbe(BlobId id) {
    try {
      store.delete(id);
    } catch (RepositoryException e) {
      if (!mayBeThere(id)) {
        return;
      }
      findings.add(
          Finding.damage(
              "store",
              "A blob that was written to try the store may be left, as it could not be deleted: "
                  + e.getMessage(),
              List.of(id.value()),
              "look at the store: permissions, locks",
              DELETE + id));
    }
  }

  /// Tells whether a blob is there, or may be.
  private boolean mayBeThere(BlobId id) {
    try {
      return store.metadata(id).isPresent();
    } catch (RepositoryException e) {
      return true;
    }
  }

  private void judge(BlobId id, Instant now) throws RepositoryException {
    Optional<BlobMetadata> written = store.metadata(id);
    if (written.isEmpty()) {
      findings.add(
          Finding.damage(
              "store",
              "The store said that it had kept a blob, and did not have it.",
              List.of(id.value()),
              "repo content verify"));
      return;
    }
    Duration skew = Duration.between(now, written.get().timestamp());
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
