package dev.longshore.engine.repair;

import dev.longshore.engine.content.KnownDamage;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.manifest.ManifestReader;
import dev.longshore.engine.manifest.ManifestWriter;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import dev.longshore.format.manifest.ManifestEntry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;

/// Places in packs that are known to be damaged: the document of the manifest with label
/// `type=longshore-damage`, which all clients share.
///
/// | field | type | meaning |
/// |---|---|---|
/// | `version` | integer | 1 |
/// | `packs` | object of integers | of packs that are missing or too short: how many bytes are left |
/// | `contents` | object of arrays | of other packs: the contents that are damaged |
/// | `absent` | array | contents that snapshots need and no index entry names |
///
/// Places are listed, not contents: one that was written anew elsewhere is not touched any more, so
/// an old list does no harm. Kopia keeps manifests of types it does not know. ADR 22.
///
/// Immutable but for what was healed; thread-safe.
public final class DamageList implements KnownDamage {
  /// The manifest's labels.
  public static final Map<String, String> LABELS = Map.of("type", "longshore-damage");

  /// Beyond so many contents in one pack, the whole pack counts as damaged: its sound contents are
  /// written anew, too, which costs space for a while and no more.
  static final int MAX_CONTENTS_PER_PACK = 1000;

  /// Packs and contents that are listed at most; more damage waits until these are healed.
  static final int MAX_ITEMS = 200_000;

  private static final int VERSION = 1;
  private static final JsonFields FIELDS = JsonFields.of("version", "packs", "contents", "absent");

  private final SortedMap<BlobId, Long> packs;
  private final SortedMap<BlobId, SortedSet<ContentId>> contents;

  /// They are written anew in any case; that they are listed makes backups look for them.
  private final SortedSet<ContentId> absent;

  /// Packs and contents listed.
  private int items;

  private final LongAdder healedContents = new LongAdder();
  private final LongAdder healedBytes = new LongAdder();

  private DamageList() {
    this.packs = new TreeMap<>();
    this.contents = new TreeMap<>();
    this.absent = new TreeSet<>();
  }

  /// A list of nothing.
  public static DamageList none() {
    return new DamageList();
  }

  /// A list of these packs, with the bytes left of each, and contents by pack.
  static DamageList of(
      Map<BlobId, Long> packs,
      Map<BlobId, ? extends Iterable<ContentId>> damaged,
      Iterable<ContentId> absent) {
    DamageList list = none();
    absent.forEach(list::addAbsent);
    packs.forEach(list::addPack);
    damaged.forEach((pack, ids) -> ids.forEach(id -> list.addContent(pack, id)));
    return list;
  }

  private void addPack(BlobId pack, long bytesLeft) {
    if (packs.containsKey(pack)) {
      packs.merge(pack, bytesLeft, Math::min);
    } else if (items < MAX_ITEMS) {
      packs.put(pack, bytesLeft);
      items++;
    }
  }

  private void addAbsent(ContentId id) {
    if (items < MAX_ITEMS && absent.add(id)) {
      items++;
    }
  }

  private void addContent(BlobId pack, ContentId id) {
    if (items >= MAX_ITEMS) {
      return;
    }
    SortedSet<ContentId> ofPack = contents.computeIfAbsent(pack, _ -> new TreeSet<>());
    items += ofPack.add(id) ? 1 : 0;
    if (ofPack.size() > MAX_CONTENTS_PER_PACK) {
      contents.remove(pack);
      items -= ofPack.size();
      addPack(pack, 0);
    }
  }

  /// Contents that no index entry named.
  SortedSet<ContentId> absent() {
    return Collections.unmodifiableSortedSet(absent);
  }

  /// How many packs and contents are listed.
  public int size() {
    return items;
  }

  /// This and another list in one.
  public DamageList with(DamageList other) {
    DamageList both = of(packs, contents, absent);
    other.absent.forEach(both::addAbsent);
    other.packs.forEach(both::addPack);
    other.contents.forEach((pack, ids) -> ids.forEach(id -> both.addContent(pack, id)));
    return both;
  }

  @Override
  public boolean isEmpty() {
    return items == 0;
  }

  @Override
  public boolean touches(IndexEntry entry) {
    BlobId pack = entry.packBlobId();
    Long left = packs.get(pack);
    if (left != null && (long) entry.packOffset() + entry.packedLength() > left) {
      return true;
    }
    SortedSet<ContentId> ids = contents.get(pack);
    return ids != null && ids.contains(entry.contentId());
  }

  @Override
  public void healed(IndexEntry entry) {
    healedContents.increment();
    healedBytes.add(entry.originalLength());
  }

  /// Contents that were written anew in this process.
  public long healedContents() {
    return healedContents.sum();
  }

  /// Their plain bytes.
  public long healedBytes() {
    return healedBytes.sum();
  }

  /// The list of a repository; a manifest that cannot be understood counts as none, as does one of
  /// a later version.
  public static DamageList load(ManifestReader manifests) throws RepositoryException {
    DamageList all = none();
    for (ManifestEntry entry : manifests.find(LABELS)) {
      Optional<DamageList> one = decode(entry.data());
      all = one.isPresent() ? all.with(one.get()) : all;
    }
    return all;
  }

  /// Makes this the list of the repository.
  public void save(ManifestWriter manifests) throws RepositoryException {
    if (!isEmpty()) {
      manifests.replace(LABELS, encode());
      return;
    }
    List<ManifestEntry> old = new ArrayList<>(manifests.find(LABELS));
    for (ManifestEntry entry : old) {
      manifests.delete(entry.id());
    }
  }

  byte[] encode() {
    GoJsonWriter json = new GoJsonWriter();
    json.beginObject().field("version", VERSION).name("packs").beginObject();
    packs.forEach((pack, left) -> json.field(pack.value(), left));
    json.endObject().name("contents").beginObject();
    contents.forEach((pack, ids) -> {
      json.name(pack.value()).beginArray();
      ids.forEach(id -> json.value(id.toString()));
      json.endArray();
    });
    json.endObject().name("absent").beginArray();
    absent.forEach(id -> json.value(id.toString()));
    return json.endArray().endObject().toByteArray();
  }

  /// Empty if the bytes are no list that this version understands.
  static Optional<DamageList> decode(byte[] data) {
    DamageList list = none();
    long version = 0;
    try (JsonInput json = JsonInput.of("list of damage", data)) {
      if (json.beginObject()) {
        for (String name = json.nextField(FIELDS); name != null; name = json.nextField(FIELDS)) {
          switch (name) {
            case "version" -> version = json.integer(0, Long.MAX_VALUE);
            case "packs" -> list.readPacks(json);
            case "contents" -> list.readContents(json);
            case "absent" -> {
              for (String id : json.strings()) {
                list.addAbsent(content(json, id));
              }
            }
            default -> json.skip();
          }
        }
      }
      json.finish();
    } catch (CorruptException e) {
      return Optional.empty();
    }
    return version == VERSION ? Optional.of(list) : Optional.empty();
  }

  private void readPacks(JsonInput json) throws CorruptException {
    if (json.beginObject()) {
      for (String key = json.nextKey(); key != null; key = json.nextKey()) {
        addPack(pack(json, key), json.integer(0, Long.MAX_VALUE));
      }
    }
  }

  private void readContents(JsonInput json) throws CorruptException {
    if (json.beginObject()) {
      for (String key = json.nextKey(); key != null; key = json.nextKey()) {
        BlobId pack = pack(json, key);
        for (String id : json.strings()) {
          addContent(pack, content(json, id));
        }
      }
    }
  }

  private static ContentId content(JsonInput json, String id) throws CorruptException {
    return ContentId.parse(id).orElseThrow(() -> json.corrupt("not a content id"));
  }

  private static BlobId pack(JsonInput json, String name) throws CorruptException {
    if (!BlobId.isValid(name)) {
      throw json.corrupt("not the name of a pack");
    }
    return new BlobId(name);
  }
}
