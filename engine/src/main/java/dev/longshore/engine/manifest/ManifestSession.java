package dev.longshore.engine.manifest;

import dev.longshore.engine.content.ContentSession;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.manifest.ManifestLoader.Manifests;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.json.JsonInput;
import dev.longshore.format.json.JsonText;
import dev.longshore.format.manifest.ManifestContent;
import dev.longshore.format.manifest.ManifestEntry;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The manifests of one write session: what is published, and what the session changed.
/// Thread-safe.
///
/// Every [#write()] makes one content of all changes. When the contents have become many, they are
/// replaced by one: the new content and the deletion of the old ones are published in one index
/// blob, so a reader sees the old ones or the new one.
public final class ManifestSession implements ManifestWriter {
  /// As many contents as this are replaced by one.
  static final int COMPACTION_THRESHOLD = 16;

  /// Manifests with more data than this in all are left in their contents.
  private static final long MAX_COMPACTION_BYTES = 64 << 20;

  private static final int ID_BYTES = 16;

  /// Longer than any session or maintenance goes by what it saw.
  private static final Duration DELETIONS_STAY = Duration.ofDays(7);

  private final ManifestLoader loader;
  private final ContentSession contents;
  private final Clock clock;
  private final SecureRandom random;
  private final Map<ManifestId, ManifestEntry> pending = new TreeMap<>();

  ManifestSession(
      ManifestLoader loader, ContentSession contents, Clock clock, SecureRandom random) {
    this.loader = loader;
    this.contents = contents;
    this.clock = clock;
    this.random = random;
  }

  @Override
  public synchronized List<ManifestEntry> find(Map<String, String> labels)
      throws RepositoryException {
    return ManifestStore.select(current(), labels);
  }

  @Override
  public synchronized Optional<ManifestEntry> get(ManifestId id) throws RepositoryException {
    ManifestEntry changed = pending.get(id);
    if (changed != null) {
      return Optional.of(changed).filter(entry -> !entry.deleted());
    }
    return Optional.ofNullable(loader.load(contents).entries().get(id));
  }

  @Override
  public synchronized boolean isComplete() throws RepositoryException {
    return loader.load(contents).complete();
  }

  @Override
  public synchronized ManifestId put(Map<String, String> labels, byte[] payload) {
    if (labels.getOrDefault("type", "").isEmpty()) {
      throw new IllegalArgumentException("a manifest needs the label type");
    }
    byte[] data = compact(payload);
    byte[] name = new byte[ID_BYTES];
    random.nextBytes(name);
    ManifestId id = new ManifestId(HexFormat.of().formatHex(name));
    pending.put(id, new ManifestEntry(id, labels, clock.instant(), false, data));
    return id;
  }

  @Override
  public synchronized void delete(ManifestId id) throws RepositoryException {
    ManifestEntry published = loader.load(contents).entries().get(id);
    if (published == null) {
      pending.remove(id);
    } else {
      // The later entry holds, whatever this client's clock says.
      Instant now = clock.instant();
      Instant after = published.modified().plusNanos(1);
      pending.put(id, ManifestEntry.deletion(id, now.isAfter(after) ? now : after));
    }
  }

  @Override
  public synchronized ManifestId replace(Map<String, String> labels, byte[] payload)
      throws RepositoryException {
    List<ManifestEntry> old = find(labels);
    ManifestId id = put(labels, payload);
    for (ManifestEntry entry : old) {
      if (entry.labels().equals(labels)) {
        delete(entry.id());
      }
    }
    return id;
  }

  /// Writes the changes, to be published by the next flush of the session's contents: to be called
  /// right before it.
  public synchronized void write() throws RepositoryException {
    if (pending.isEmpty()) {
      return;
    }
    Manifests published = loader.load(contents);
    if (published.contents().size() >= COMPACTION_THRESHOLD) {
      // The shorter the time between looking and replacing, the smaller the chance that what
      // another
      // client deletes meanwhile comes back.
      contents.refresh();
      published = loader.load(contents);
    }
    if (isWorthCompacting(published)) {
      compact(published);
    } else {
      write(pending.values());
    }
  }

  private static boolean isWorthCompacting(Manifests published) {
    return published.contents().size() >= COMPACTION_THRESHOLD
        && published.complete()
        && published.entries().values().stream().mapToLong(entry -> entry.data().length).sum()
            <= MAX_COMPACTION_BYTES;
  }

  private void compact(Manifests published) throws RepositoryException {
    Map<ManifestId, ManifestEntry> entries = new TreeMap<>(published.entries());
    // Deletions stay for a while: another client may replace the same contents at this moment
    // without knowing of them, or maintenance move one of the old contents, and so bring it back.
    Instant recent = clock.instant().minus(DELETIONS_STAY);
    for (ManifestEntry deletion : published.deletions()) {
      if (deletion.modified().isAfter(recent)) {
        entries.put(deletion.id(), deletion);
      }
    }
    entries.putAll(pending);
    try (ContentSession.IndexHold _ = contents.holdIndex()) {
      ContentId written = write(entries.values());
      for (ContentId old : published.contents()) {
        if (!old.equals(written)) {
          contents.delete(old);
        }
      }
    }
  }

  /// Forgets the changes, which are published now.
  public synchronized void published() {
    pending.clear();
  }

  private ContentId write(Collection<ManifestEntry> entries) throws RepositoryException {
    byte[] bytes = ManifestContent.encode(entries);
    return contents.write(
        ManifestLoader.PREFIX, bytes, 0, bytes.length, Optional.of(Compression.ZSTD_FASTEST));
  }

  private Collection<ManifestEntry> current() throws RepositoryException {
    Map<ManifestId, ManifestEntry> live = new HashMap<>(loader.load(contents).entries());
    live.putAll(pending);
    live.values().removeIf(ManifestEntry::deleted);
    return live.values();
  }

  private static byte[] compact(byte[] payload) {
    try {
      JsonInput.checkWellFormed("manifest", payload);
    } catch (CorruptException e) {
      throw new IllegalArgumentException("a manifest must be JSON", e);
    }
    return JsonText.compact(payload);
  }
}
