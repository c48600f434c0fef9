package dev.longshore.engine.snapshot;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.policy.PolicyTree;
import dev.longshore.engine.source.SourceDirectory;
import dev.longshore.engine.source.SourceEntry;
import dev.longshore.engine.source.SourceFault;
import dev.longshore.engine.source.SourceFile;
import dev.longshore.engine.source.SourceListing;
import dev.longshore.engine.source.SourceOther;
import dev.longshore.engine.source.SourceStream;
import dev.longshore.engine.source.SourceSymlink;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirSummary;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.directory.ExtraMetadata;
import dev.longshore.format.directory.GoFileMode;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.policy.ErrorHandlingPolicy;
import dev.longshore.format.policy.Policy;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Stores one directory: its children, then itself.
///
/// Source: kopia 4ebb2be6c `snapshot/upload/upload.go`.
final class DirectoryUpload implements CheckpointRegistry.Point {
  private final UploadContext context;
  private final FileUpload files;
  private final SourceDirectory directory;
  private final Place place;
  private final EntryCollector entries;
  private final ExtraReader extras;
  private final CheckpointRegistry running = new CheckpointRegistry();

  /// The directory's own.
  private volatile ExtraMetadata extra = ExtraMetadata.NONE;

  /// The directory as it was, if the source has been compared with all of it.
  private PreviousEntries.@Nullable Whole earlier;

  DirectoryUpload(UploadContext context, SourceDirectory directory, Place place) {
    this.context = context;
    this.files = new FileUpload(context);
    this.directory = directory;
    this.place = place;
    this.entries =
        new EntryCollector(
            context.objects, place.previous().isEmpty() ? null : place.previous().getFirst());
    this.extras =
        new ExtraReader(
            context,
            FileUpload.metadataCompression(place.policies().policy()),
            (entry, message, isIgnored) -> {
              // The only directory asked for here is this one.
              String path =
                  entry instanceof SourceDirectory ? place.path() : place.pathOf(entry.name());
              context.metadataFailed(path, message, isIgnored);
              if (!isIgnored) {
                entries.addFailed(path, message, false);
              }
            });
  }

  /// Stores the directory; if the upload is stopped, without what was not finished.
  ///
  /// @throws UnreadableDirectory if its names cannot be had
  /// @throws RepositoryException if the repository fails
  DirEntry run(CheckpointRegistry parent) throws IOException {
    context.counters.directories.incrementAndGet();
    context.progress.directory(place.path());
    noteActions();
    parent.add(directory.name(), this);
    try {
      extra = place.depth() == 0 ? extras.ofRoot(directory) : extras.of(directory);
      readChildren();
      String incomplete = context.incompleteReason();
      DirEntry same = incomplete.isEmpty() ? unchanged() : null;
      return same != null ? same : store(entries, incomplete);
    } catch (RepositoryException | RuntimeException | Error e) {
      // Kopia notes a file that the repository refuses as an error of the file; but what cannot be
      // stored makes no backup at all.
      context.breakOff(e);
      throw e;
    } finally {
      parent.remove(directory.name());
    }
  }

  private void noteActions() {
    PolicyTree policies = place.policies();
    Policy own = policies.defined().orElse(null);
    if (own != null
        && (own.actions().beforeFolder() != null || own.actions().afterFolder() != null)) {
      context.noteActions();
    }
  }

  private DirEntry store(EntryCollector collected, String incomplete) throws RepositoryException {
    EntryCollector.Stored stored =
        collected.store(
            context.writers,
            FileUpload.metadataCompression(place.policies().policy()),
            directory.status().mtimeEpochNanos(),
            incomplete);
    return entry(stored.id(), stored.summary());
  }

  private DirEntry entry(ObjectId object, DirSummary summary) {
    return new DirEntry(
        directory.name(),
        EntryType.DIRECTORY,
        GoFileMode.ofUnix(directory.status().mode()),
        0,
        directory.status().mtimeEpochNanos(),
        Integer.toUnsignedLong(directory.status().uid()),
        Integer.toUnsignedLong(directory.status().gid()),
        object,
        summary,
        extra);
  }

  /// The directory's entry without storing it anew, if it holds just what it held before: its bytes
  /// would be the same. The directory's own attributes are not among them, but for the time of an
  /// empty one.
  private @Nullable DirEntry unchanged() throws RepositoryException {
    PreviousEntries.Whole was = earlier;
    if (was == null || was.count() == 0 || !entries.keepsJust(was.count())) {
      return null;
    }
    DirSummary summary = was.summary();
    boolean sound =
        summary.incomplete().isEmpty() && summary.errors().isEmpty() && summary.numFailed() == 0;
    return sound && context.isStored(was.id()) ? entry(was.id(), summary) : null;
  }

  @Override
  public Optional<DirEntry> checkpoint() throws RepositoryException {
    EntryCollector soFar = entries.copy();
    running.run(context.random).forEach(soFar::add);
    return Optional.of(store(soFar, SnapshotManifest.CHECKPOINT));
  }

  private void readChildren() throws IOException {
    if (place.depth() > SnapshotTree.MAX_DEPTH) {
      throw new UnreadableDirectory(
          "nested more than " + SnapshotTree.MAX_DEPTH + " directories deep");
    }
    // Closed in reverse order: children use the listing until their group has ended.
    try (SourceListing listing = open();
        PreviousEntries previous = new PreviousEntries(context.objects, place.previous());
        WorkShare.Group group = context.share.group()) {
      IgnoreFilter filter =
          context.options.ignoreRules()
              ? IgnoreFilter.of(directory, listing, place, context::excluded)
              : IgnoreFilter.none(place);
      SourceEntry entry = filter.isCacheDirectory() ? null : next(listing);
      while (entry != null) {
        context.checkStopped();
        if (Placeholder.isOne(entry)) {
          takePlaceholder(entry, filter, listing, group);
        } else if (filter.includes(entry)) {
          process(entry, filter, previous, group);
        }
        entry = next(listing);
      }
      earlier = previous.ended();
      group.join();
    } catch (UploadStopped e) {
      if (context.isBroken()) {
        throw e;
      }
    }
  }

  private SourceListing open() throws UnreadableDirectory {
    try {
      return directory.open();
    } catch (IOException e) {
      String prefix = context.options.ignoreRules() ? "cannot create iterator: " : "";
      throw new UnreadableDirectory(prefix + e.getMessage(), e);
    }
  }

  private static @Nullable SourceEntry next(SourceListing listing) throws UnreadableDirectory {
    try {
      return listing.next();
    } catch (IOException e) {
      throw new UnreadableDirectory(String.valueOf(e.getMessage()), e);
    }
  }

  private void process(
      SourceEntry entry, IgnoreFilter filter, PreviousEntries previous, WorkShare.Group group)
      throws IOException {
    switch (entry) {
      case SourceDirectory child -> {
        List<PreviousEntries.Found> before = previous.directories(child.name());
        List<ObjectId> ids = before.stream().map(found -> found.entry().objectId()).toList();
        Place below = place.child(child.name(), filter.rules(), ids);
        PreviousEntries.Found newest = before.isEmpty() ? null : before.getFirst();
        group.run(() -> uploadDirectory(child, below, newest));
      }
      case SourceFile file -> unlessUnchanged(file, previous, group, now -> uploadFile(file, now));
      case SourceStream stream ->
          unlessUnchanged(stream, previous, group, _ -> uploadStream(stream));
      case SourceSymlink link ->
          unlessUnchanged(link, previous, group, now -> uploadSymlink(link, now));
      case SourceOther other -> leaveOut(other);
      case SourceFault fault -> {
        ErrorHandlingPolicy errors = policyOf(fault).errorHandling();
        Boolean ignore =
            fault.isDirectory() ? errors.ignoreDirectoryErrors() : errors.ignoreFileErrors();
        failed(place.pathOf(fault.name()), fault.error(), Boolean.TRUE.equals(ignore));
      }
    }
  }

  /// Takes what a shallow restore left for the entry it stands for.
  private void takePlaceholder(
      SourceEntry entry, IgnoreFilter filter, SourceListing listing, WorkShare.Group group)
      throws IOException {
    String name = Placeholder.nameOf(entry);
    if (!filter.includes(entry, name)) {
      return;
    }
    if (listing.find(name).isPresent()) {
      failed(
          place.pathOf(name),
          "both the entry and a placeholder exist: a restore into a shallow tree was interrupted",
          false);
      return;
    }
    group.run(() -> upload(name, () -> Placeholder.read(entry, context.objects, context.contents)));
  }

  private void leaveOut(SourceOther other) {
    context.inspector.specialFile();
    if (Boolean.FALSE.equals(policyOf(other).errorHandling().ignoreUnknownTypes())) {
      failed(place.pathOf(other.name()), "unknown or unsupported entry type", false);
    }
  }

  private Policy policyOf(SourceEntry entry) {
    return place.policies().child(entry.name()).policy();
  }

  /// @param was the directory in the newest of the earlier ones, or another
  private void uploadDirectory(
      SourceDirectory child, Place below, PreviousEntries.@Nullable Found was) throws IOException {
    try {
      DirEntry stored = new DirectoryUpload(context, child, below).run(running);
      if (was != null && was.index() >= 0 && was.entry().equals(stored)) {
        entries.keep(was.index());
      } else {
        entries.add(stored);
      }
    } catch (UnreadableDirectory e) {
      Boolean ignore = below.policies().policy().errorHandling().ignoreDirectoryErrors();
      failed(below.path(), String.valueOf(e.getMessage()), Boolean.TRUE.equals(ignore));
    }
  }

  /// Uploads an entry that has this beside what Kopia stores.
  @FunctionalInterface
  private interface Upload {
    void run(ExtraMetadata extra) throws IOException;
  }

  private void unlessUnchanged(
      SourceEntry entry, PreviousEntries previous, WorkShare.Group group, Upload upload)
      throws IOException {
    ExtraMetadata now = extras.of(entry);
    PreviousEntries.Found found = previous.unchanged(entry);
    if (found == null || context.forceHash() || !context.isSound(found.entry().objectId())) {
      group.run(() -> upload.run(now));
      return;
    }
    DirEntry was = found.entry();
    context.counters.cachedFiles.incrementAndGet();
    context.counters.totalSize.add(was.sizeBytes());
    context.progress.cached(place.pathOf(entry.name()), was.sizeBytes());
    if (found.index() >= 0 && was.extra().equals(now)) {
      entries.keep(found.index());
      return;
    }
    // A stream has no size of its own before it is read.
    long size = entry instanceof SourceStream ? was.sizeBytes() : entry.status().sizeBytes();
    entries.add(FileUpload.entry(entry, entry.name(), was.objectId(), size).withExtra(now));
  }

  private void uploadFile(SourceFile file, ExtraMetadata now) throws IOException {
    context.counters.nonCachedFiles.incrementAndGet();
    upload(file.name(), () -> files.file(file, policyOf(file), running).withExtra(now));
  }

  private void uploadStream(SourceStream stream) throws IOException {
    context.counters.nonCachedFiles.incrementAndGet();
    upload(stream.name(), () -> files.stream(stream, policyOf(stream)));
  }

  private void uploadSymlink(SourceSymlink link, ExtraMetadata now) throws IOException {
    upload(link.name(), () -> files.symlink(link, policyOf(link)).withExtra(now));
  }

  /// Reads one entry.
  @FunctionalInterface
  private interface Reading {
    DirEntry read() throws IOException;
  }

  private void upload(String name, Reading reading) throws IOException {
    String path = place.pathOf(name);
    context.progress.hashing(path);
    try {
      DirEntry stored = reading.read();
      entries.add(stored);
      context.progress.hashed(path, stored.sizeBytes());
    } catch (RepositoryException | UploadStopped e) {
      throw e;
    } catch (IOException e) {
      Boolean ignore = place.policies().policy().errorHandling().ignoreFileErrors();
      failed(path, String.valueOf(e.getMessage()), Boolean.TRUE.equals(ignore));
    }
  }

  private void failed(String path, String message, boolean isIgnored) {
    context.entryFailed(path, message, isIgnored);
    entries.addFailed(path, message, isIgnored);
  }
}
