package dev.longshore.engine.manifest;

import dev.longshore.engine.content.ContentReader;
import dev.longshore.engine.content.ContentSession;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.manifest.ManifestEntry;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The published manifests of a repository. They are loaded when they are first asked for, and
/// again when the index names other contents with manifests. Thread-safe.
public final class ManifestStore implements ManifestReader {
  private static final Comparator<ManifestEntry> BY_TIME =
      Comparator.comparing(ManifestEntry::modified).thenComparing(ManifestEntry::id);

  private final ContentReader contents;
  private final ManifestLoader loader;

  /// @param ignoreMalformed leave out contents that cannot be read as manifests, with a warning,
  ///   rather than fail
  /// @param warnings receives sentences for the user
  public ManifestStore(ContentReader contents, boolean ignoreMalformed, Consumer<String> warnings) {
    this.contents = contents;
    this.loader = new ManifestLoader(ignoreMalformed, warnings);
  }

  /// The manifests as one session sees and changes them.
  public ManifestSession openSession(ContentSession session, Clock clock, SecureRandom random) {
    return new ManifestSession(loader, session, clock, random);
  }

  @Override
  public List<ManifestEntry> find(Map<String, String> labels) throws RepositoryException {
    return select(loader.load(contents).entries().values(), labels);
  }

  @Override
  public Optional<ManifestEntry> get(ManifestId id) throws RepositoryException {
    return Optional.ofNullable(loader.load(contents).entries().get(id));
  }

  @Override
  public boolean isComplete() throws RepositoryException {
    return loader.load(contents).complete();
  }

  static List<ManifestEntry> select(Collection<ManifestEntry> entries, Map<String, String> labels) {
    return entries.stream().filter(entry -> entry.matches(labels)).sorted(BY_TIME).toList();
  }
}
