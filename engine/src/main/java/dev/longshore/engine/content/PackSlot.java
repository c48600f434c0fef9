package dev.longshore.engine.content;

import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The place of one kind's open pack (`p` or `q`) in a session, and of tombstones that came without
/// one.
///
/// Not thread-safe: whoever calls holds [#lock()].
final class PackSlot {
  private final String prefix;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable OpenPack open;
  private Map<ContentId, IndexEntry> tombstones = new HashMap<>();

  PackSlot(String prefix) {
    this.prefix = prefix;
  }

  /// The first letter of its packs' names.
  String prefix() {
    return prefix;
  }

  ReentrantLock lock() {
    return lock;
  }

  @Nullable OpenPack open() {
    return open;
  }

  /// Takes a new pack, which has got the tombstones.
  void open(OpenPack pack) {
    open = pack;
    tombstones = new HashMap<>();
  }

  Map<ContentId, IndexEntry> tombstones() {
    return tombstones;
  }

  /// Adds an entry whose bytes are elsewhere.
  void add(IndexEntry tombstone) {
    OpenPack pack = open;
    (pack == null ? tombstones : pack.entries()).put(tombstone.contentId(), tombstone);
  }

  /// Takes the tombstones that no pack will name.
  List<IndexEntry> takeTombstones() {
    List<IndexEntry> taken = new ArrayList<>(tombstones.values());
    tombstones = new HashMap<>();
    return taken;
  }

  /// Takes the pack away, if there is one.
  Optional<OpenPack> take() {
    Optional<OpenPack> taken = Optional.ofNullable(open);
    open = null;
    return taken;
  }
}
