package dev.longshore.engine.snapshot;

import dev.longshore.engine.concurrent.BufferPool;
import dev.longshore.engine.content.ContentWriter;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.engine.object.ObjectWriters;
import dev.longshore.engine.repository.RepositoryWriter;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What all parts of one upload share. Thread-safe.
final class UploadContext {
  final ObjectWriters writers;
  final ObjectReader objects;
  final ContentWriter contents;
  final UploadOptions options;
  final UploadProgress progress;
  final WorkShare share;
  final UploadCounters counters = new UploadCounters();
  final KeepInspector inspector;
  final RandomGenerator random;

  /// What files are read into, one length for all.
  final BufferPool buffers = new BufferPool(KEPT_BUFFER_BYTES);

  private static final long KEPT_BUFFER_BYTES = 8L << 20;
  private static final int MAX_METADATA_TOLD = 20;

  private final AtomicInteger metadataTold = new AtomicInteger();
  private final CancelToken cancel;
  private final boolean actionsEnabled;
  private final AtomicLong readBytes = new AtomicLong();
  private volatile boolean failedFast;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile boolean actionsSkipped;

  private final long rootDevice;

  /// @param rootDevice number of the root's file system
  UploadContext(
      RepositoryWriter writer,
      UploadSettings settings,
      CancelToken cancel,
      WorkShare share,
      long rootDevice) { // all that parts share
    this.rootDevice = rootDevice;
    this.writers = writer.objectWriters();
    this.objects = writer.objects();
    this.contents = writer.contents();
    this.actionsEnabled = writer.repository().client().enableActions();
    this.options = settings.options();
    this.progress = settings.progress();
    this.random = settings.random();
    this.inspector = new KeepInspector(options.attributes());
    this.cancel = cancel;
    this.share = share;
  }

  /// The number of the file system that the root is in.
  long rootDevice() {
    return rootDevice;
  }

  /// Why the snapshot will not be whole, "" if it will.
  String incompleteReason() {
    if (failedFast || cancel.isCancelled()) {
      return SnapshotManifest.CANCELED;
    }
    long limit = options.limitBytes();
    return limit > 0 && readBytes.get() > limit ? SnapshotManifest.LIMIT_REACHED : "";
  }

  /// @throws UploadStopped if there is no point in going on
  void checkStopped() throws UploadStopped {
    if (isBroken() || !incompleteReason().isEmpty()) {
      throw new UploadStopped();
    }
  }

  /// Bytes of the source were read.
  void read(long bytes) {
    readBytes.addAndGet(bytes);
    progress.hashedBytes(bytes);
  }

  /// An entry is left out by a rule.
  void excluded(String path, boolean isDirectory, long bytes) {
    counters.exclude(isDirectory, bytes);
    progress.excluded(path, isDirectory, bytes);
  }

  /// An entry could not be read. The first such error that the policy does not ignore ends the
  /// upload, if that was asked for.
  void entryFailed(String path, String message, boolean isIgnored) {
    (isIgnored ? counters.ignoredErrors : counters.errors).incrementAndGet();
    progress.error(path, message, isIgnored);
    if (options.failFast() && !isIgnored) {
      failedFast = true;
    }
  }

  /// Some of an entry's metadata could not be read, and the entry is stored without it.
  ///
  /// @param isIgnored the snapshot is good all the same; a whole volume may have such entries, so
  ///   only the first are told
  void metadataFailed(String path, String message, boolean isIgnored) {
    if (isIgnored) {
      if (metadataTold.get() < MAX_METADATA_TOLD
          && metadataTold.incrementAndGet() <= MAX_METADATA_TOLD) {
        progress.error(path, message, true);
      }
    } else {
      entryFailed(path, message, false);
    }
  }

  /// Something other than an entry has failed: everything is to end, and nothing is to be stored
  /// any more. The first cause is kept.
  void breakOff(Throwable cause) {
    failure.compareAndSet(null, cause);
  }

  boolean isBroken() {
    return failure.get() != null;
  }

  /// @throws IOException what the upload was broken off for, if it was
  void rethrowFailure() throws IOException {
    switch (failure.get()) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }

  /// Notes actions in a policy; whoever enabled them on this client expects them to run.
  void noteActions() {
    actionsSkipped |= actionsEnabled;
  }

  boolean actionsSkipped() {
    return actionsSkipped;
  }

  /// Tells whether an object of an earlier snapshot can be taken over: whether nothing it needs is
  /// known to be damaged. Looks only where damage is known at all.
  boolean isSound(ObjectId object) throws RepositoryException {
    return !contents.knowsDamage() || isStored(object);
  }

  /// Tells whether everything an object needs is there, and not known to be damaged.
  boolean isStored(ObjectId object) throws RepositoryException {
    try {
      objects.forEachContent(
          object,
          content -> {
            if (!contents.isSound(content)) {
              throw new NotFoundException("content " + content);
            }
          });
      return true;
    } catch (NotFoundException | DamagedException e) {
      return false;
    }
  }

  /// Tells whether an unchanged file is to be read again.
  boolean forceHash() {
    double percent = options.forceHashPercent();
    return percent > 0 && 100 * random.nextDouble() < percent;
  }
}
