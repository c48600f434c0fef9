package dev.longshore.engine.blob.check;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// Tries out, on blobs of its own, whether a store does what repositories rely on: whole, partial
/// and missing reads, replacing, lists, deletions, times, and all of it from several connections at
/// once. What it has written it deletes.
///
/// Source: kopia 4ebb2be6c `internal/providervalidation/providervalidation.go`, for the steps; ours
/// are more.
public final class ProviderCheck {
  private static final int BLOB_BYTES = 5_000_000;
  private static final HexFormat HEX = HexFormat.of();

  private final List<BlobStore> connections;
  private final ProviderCheckOptions options;
  private final Clock clock;
  private final RandomGenerator random;
  private final Listener listener;
  private final String prefix;
  private final ConcurrencyCheck concurrency;
  private boolean wrote;

  /// Follows a check.
  public interface Listener {
    /// A step begins.
    void step(String what);

    /// Something that is no failure, but good to know.
    void notice(String text);
  }

  /// @param connections to the same store, at least one; not closed by this
  /// @param random names and bytes; must be thread-safe
  public ProviderCheck(
      List<BlobStore> connections,
      ProviderCheckOptions options,
      Clock clock,
      RandomGenerator random,
      Listener listener) {
    this.connections = List.copyOf(connections);
    this.options = options;
    this.clock = clock;
    this.random = random;
    this.listener = listener;
    byte[] name = new byte[16];
    random.nextBytes(name);
    this.prefix = "z" + HEX.formatHex(name);
    this.concurrency = new ConcurrencyCheck(this.connections, options, clock, random, prefix + "b");
  }

  /// Runs all steps.
  ///
  /// @throws UnsupportedException if the store does something else than it should; the message says
  ///   what was expected and what found
  /// @throws RepositoryException if it fails
  public void run() throws RepositoryException {
    try {
      checkAll();
    } catch (RepositoryException | RuntimeException e) {
      try {
        cleanUp();
      } catch (RepositoryException second) {
        e.addSuppressed(second);
        listener.notice(String.valueOf(second.getMessage()));
      }
      throw e;
    }
    cleanUp();
  }

  private void checkAll() throws RepositoryException {
    listener.step("Validating storage capacity and usage");
    checkCapacity();
    listener.step("Validating blob list responses");
    expectListed(prefix, 0);
    listener.step("Validating non-existent blob responses");
    BlobId id = first();
    checkMissing(id);
    listener.step("Writing blob (" + BLOB_BYTES + " bytes)");
    byte[] bytes = new byte[BLOB_BYTES];
    random.nextBytes(bytes);
    put(id, bytes);
    listener.step("Validating conditional creates...");
    checkConditional(id, bytes);
    listener.step("Validating list responses...");
    expectListed(prefix, 1);
    expectListed(prefix + "a", 1);
    expectListed(prefix + "b", 0);
    listener.step("Validating partial reads...");
    checkRanges(id, bytes);
    listener.step("Validating full reads...");
    expectBytes(id, bytes, any().get(id), "a full read");
    listener.step("Validating metadata...");
    checkMetadata(id, bytes);
    listener.step("Validating replacement...");
    byte[] shorter = Arrays.copyOf(bytes, 1000);
    put(id, shorter);
    expectBytes(id, shorter, any().get(id), "a read after a replacement");
    listener.step("Validating deletion...");
    any().delete(id);
    checkMissing(id);
    expectListed(prefix, 0);
    any().delete(id);
    listener.step("Running concurrency test for " + options.concurrency().toSeconds() + "s...");
    concurrency.run();
  }

  private BlobStore any() {
    return connections.get(random.nextInt(connections.size()));
  }

  private void put(BlobId id, byte[] bytes) throws RepositoryException {
    wrote = true;
    any().put(id, ByteBuffer.wrap(bytes), PutOptions.NONE);
  }

  static UnsupportedException wrong(String what, Object expected, Object found) {
    return new UnsupportedException(
        "the store cannot be relied on: " + what + ": expected " + expected + ", found " + found);
  }

  private void checkCapacity() throws RepositoryException {
    Optional<BlobStore.Capacity> found = any().capacity();
    if (found.isPresent() && found.get().availableBytes() > found.get().totalBytes()) {
      throw wrong(
          "free space of the volume",
          "at most " + found.get().totalBytes() + " bytes",
          found.get().availableBytes());
    }
  }

  private void expectListed(String names, int count) throws RepositoryException {
    List<BlobMetadata> found = new ArrayList<>();
    any().list(names, found::add);
    if (found.size() != count) {
      throw wrong("a list of " + names + "*", count + " blobs", found.size());
    }
  }

  @FunctionalInterface
  private interface Read {
    Object read() throws RepositoryException;
  }

  private void checkMissing(BlobId id) throws RepositoryException {
    expectNotFound("a read of a missing blob", () -> any().get(id));
    expectNotFound("a read of a part of a missing blob", () -> any().getRange(id, 0, 5));
    Optional<BlobMetadata> found = any().metadata(id);
    if (found.isPresent()) {
      throw wrong("a look at a missing blob", "nothing", found.get());
    }
  }

  private static void expectNotFound(String what, Read read) throws RepositoryException {
    try {
      read.read();
    } catch (NotFoundException e) {
      return;
    } catch (StoreException e) {
      throw wrong(what, "the answer that there is none", e);
    }
    throw wrong(what, "the answer that there is none", "bytes");
  }

  private void checkConditional(BlobId id, byte[] bytes) throws RepositoryException {
    PutOptions ifAbsent = new PutOptions(Optional.empty(), true);
    try {
      any().put(id, ByteBuffer.wrap(new byte[] {99}), ifAbsent);
    } catch (StoreException | UnsupportedException e) {
      return; // the full read tells whether it was replaced all the same
    }
    listener.notice(
        "the store does not keep to conditional creates: two clients that create a repository at"
            + " the same time are not told");
    put(id, bytes);
  }

  private void checkRanges(BlobId id, byte[] bytes) throws RepositoryException {
    int[][] ranges = {
      {0, 10}, {1, 10}, {2, 1}, {5, 0}, {bytes.length - 5, 5}, {1_000_000, 3_000_000}
    };
    for (int[] range : ranges) {
      byte[] found = any().getRange(id, range[0], range[1]);
      byte[] expected = Arrays.copyOfRange(bytes, range[0], range[0] + range[1]);
      expectBytes(id, expected, found, "a read of the range " + range[0] + "+" + range[1]);
    }
    byte[] found;
    try {
      found = any().getRange(id, bytes.length - 5L, 6);
    } catch (RepositoryException e) {
      return;
    }
    throw wrong("a read past the end", "a failure", found.length + " bytes");
  }

  static void expectBytes(BlobId id, byte[] expected, byte[] found, String what)
      throws UnsupportedException {
    int at = Arrays.mismatch(expected, found);
    if (at >= 0) {
      throw wrong(
          what + " of " + id,
          expected.length + " bytes as they were written",
          found.length + " bytes, of which the first wrong one is at " + at);
    }
  }

  private void checkMetadata(BlobId id, byte[] bytes) throws RepositoryException {
    BlobMetadata found =
        any().metadata(id).orElseThrow(() -> wrong("a look at a blob", id, "nothing"));
    List<BlobMetadata> listed = new ArrayList<>();
    any().list(id.value(), listed::add);
    if (found.lengthBytes() != bytes.length) {
      throw wrong("the length of a blob", bytes.length, found.lengthBytes());
    }
    if (listed.size() != 1 || listed.getFirst().lengthBytes() != bytes.length) {
      throw wrong("the length of a blob in a list", bytes.length, listed);
    }
    Duration drift = Duration.between(found.timestamp(), clock.instant()).abs();
    if (drift.compareTo(options.maxClockDrift()) > 0) {
      throw wrong(
          "the time of a blob just written",
          "this machine's, "
              + clock.instant()
              + ", within "
              + options.maxClockDrift().toSeconds()
              + " s",
          found.timestamp());
    }
  }

  /// Deletes all that was written: what a list shows, and what it may leave out.
  private void cleanUp() throws RepositoryException {
    if (!wrote) {
      return;
    }
    listener.step("Cleaning up temporary data...");
    Set<BlobId> left = new TreeSet<>(List.of(first()));
    concurrency.ids().forEach(left::add);
    Optional<RepositoryException> fault = Optional.empty();
    try {
      any().list(prefix, blob -> left.add(blob.id()));
    } catch (RepositoryException e) {
      fault = Optional.of(e);
    }
    for (BlobId id : left) {
      try {
        any().delete(id);
      } catch (RepositoryException e) {
        fault = Optional.of(e);
      }
    }
    if (fault.isPresent()) {
      throw new StoreException(
          "blobs that were written to try the store may be left; look for names with the prefix "
              + prefix
              + " (repo blob list --prefix="
              + prefix
              + ") and delete them with repo blob delete --dangerous-commands=enabled NAME: "
              + fault.get().getMessage(),
          StoreException.Retry.NEVER,
          fault.get());
    }
  }

  private BlobId first() {
    return new BlobId(prefix + "a1");
  }
}
