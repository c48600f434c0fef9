package dev.longshore.engine.testkit;

import dev.longshore.engine.content.ContentRange;
import dev.longshore.engine.content.ContentReader;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectChunks;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirSummary;
import dev.longshore.format.directory.DirectoryWriter;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.directory.GoFileMode;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.json.GoJsonWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// A repository's objects and contents in memory, made by hand: also such as no program would
/// write.
///
/// Contents go to imaginary packs of 20, in the order of making. Make everything first, then read.
public final class MemoryTree implements ObjectReader, ContentReader {
  private static final int CONTENTS_PER_PACK = 20;

  private final Map<ContentId, byte[]> contents = new HashMap<>();
  private final Map<ContentId, IndexEntry> index = new TreeMap<>();
  private final Map<ObjectId, List<Chunk>> lists = new HashMap<>();
  private final Set<ContentId> damaged = new HashSet<>();
  private final Set<ContentId> forgotten = new HashSet<>();
  private final Map<ContentId, Integer> reads = new ConcurrentHashMap<>();

  private final int uid;
  private final int gid;

  private record Chunk(long start, long length, ObjectId object) {}

  /// A tree whose entries belong to whoever runs the test.
  public MemoryTree() {
    try {
      uid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
      gid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:gid");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Adds a content with a prefix, and returns its object.
  public ObjectId content(char prefix, byte[] bytes) {
    ContentId id = ContentId.of(prefix, Arrays.copyOf(sha256(bytes), 16));
    if (contents.putIfAbsent(id, bytes) == null) {
      BlobId pack = new BlobId((prefix == 0 ? "p" : "q") + contents.size() / CONTENTS_PER_PACK);
      index.put(
          id,
          new IndexEntry(
              id, pack, contents.size() * 100, bytes.length + 28, bytes.length, 0, false, 1, 3, 0));
    }
    return ObjectId.direct(id);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Adds an object of these pieces.
  public ObjectId object(List<byte[]> pieces) {
    List<Chunk> chunks = new ArrayList<>();
    long start = 0;
    for (byte[] piece : pieces) {
      chunks.add(new Chunk(start, piece.length, content(ContentId.NO_PREFIX, piece)));
      start += piece.length;
    }
    return indirect(chunks);
  }

  /// Adds an object that claims these lengths for its pieces.
  public ObjectId lyingObject(List<byte[]> pieces, List<Long> lengths) {
    List<Chunk> chunks = new ArrayList<>();
    long start = 0;
    for (int i = 0; i < pieces.size(); i++) {
      long length = lengths.get(i);
      chunks.add(new Chunk(start, length, content(ContentId.NO_PREFIX, pieces.get(i))));
      start += length;
    }
    return indirect(chunks);
  }

  private ObjectId indirect(List<Chunk> chunks) {
    byte[] text = chunks.toString().getBytes(StandardCharsets.UTF_8);
    ObjectId id = ObjectId.indirect(content('x', text));
    lists.put(id, chunks);
    return id;
  }

  /// A file's entry; `mode` in Unix bits.
  public DirEntry file(String name, byte[] bytes, int mode, long mtimeNanos) {
    return file(name, content(ContentId.NO_PREFIX, bytes), bytes.length, mode, mtimeNanos);
  }

  /// A file's entry; `mode` in Unix bits.
  public DirEntry file(String name, ObjectId object, long size, int mode, long mtimeNanos) {
    return new DirEntry(
        name, EntryType.FILE, GoFileMode.ofUnix(mode), size, mtimeNanos, uid, gid, object, null);
  }

  /// A symbolic link's entry.
  public DirEntry symlink(String name, String target, long mtimeNanos) {
    byte[] bytes = target.getBytes(StandardCharsets.UTF_8);
    return new DirEntry(
        name,
        EntryType.SYMLINK,
        0777,
        bytes.length,
        mtimeNanos,
        uid,
        gid,
        content(ContentId.NO_PREFIX, bytes),
        null);
  }

  /// A directory's entry and object, entries put in Kopia's order.
  public DirEntry directory(String name, int mode, long mtimeNanos, DirEntry... entries) {
    List<DirEntry> sorted = new ArrayList<>(List.of(entries));
    sorted.sort(DirEntry.ORDER);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DirSummary summary = new DirSummary(0, 0, 0, 1, mtimeNanos, "", 0, 0, List.of());
    try {
      DirectoryWriter writer = new DirectoryWriter(out);
      for (DirEntry entry : sorted) {
        writer.add(entry);
      }
      writer.finish(summary);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return directory(name, mode, mtimeNanos, content('k', out.toByteArray()));
  }

  /// A directory's entry with an object of its own.
  public DirEntry directory(String name, int mode, long mtimeNanos, ObjectId object) {
    return new DirEntry(
        name, EntryType.DIRECTORY, GoFileMode.ofUnix(mode), 0, mtimeNanos, uid, gid, object, null);
  }

  /// A directory with its entries as they are given, in this order.
  public DirEntry hostileDirectory(String name, DirEntry... entries) {
    GoJsonWriter json = new GoJsonWriter();
    json.beginObject().field("stream", "kopia:directory").name("entries").beginArray();
    for (DirEntry entry : entries) {
      entry.writeTo(json);
    }
    byte[] text = json.endArray().endObject().newline().toByteArray();
    return directory(name, 0755, 0, content('k', text));
  }

  /// From now on, reads of the object's own content fail.
  public void damage(ObjectId object) {
    damaged.add(object.contentId());
  }

  /// From now on, no index knows the object's own content.
  public void forget(ObjectId object) {
    forgotten.add(object.contentId());
  }

  /// How often each content was read from its pack.
  public Map<ContentId, Integer> reads() {
    return reads;
  }

  /// The packs that contents are in.
  public Set<BlobId> packs() {
    Set<BlobId> packs = new HashSet<>();
    index.values().forEach(entry -> packs.add(entry.packBlobId()));
    return packs;
  }

  @Override
  public Optional<IndexEntry> find(ContentId id) {
    return forgotten.contains(id) ? Optional.empty() : Optional.ofNullable(index.get(id));
  }

  @Override
  public byte[] read(ContentId id) throws RepositoryException {
    reads.merge(id, 1, Integer::sum);
    byte[] bytes = contents.get(id);
    if (bytes == null || forgotten.contains(id)) {
      throw new NotFoundException("content " + id + ": not there");
    }
    if (damaged.contains(id)) {
      throw new DamagedException("content " + id + ": does not hash to its id");
    }
    return bytes.clone();
  }

  @Override
  public void forEach(ContentRange range, Visitor visitor) throws RepositoryException {
    for (IndexEntry entry : index.values()) {
      if (range.includes(entry.contentId())) {
        visitor.visit(entry);
      }
    }
  }

  @Override
  public void refresh() {}

  @Override
  public InputStream open(ObjectId id) throws RepositoryException {
    List<InputStream> parts = new ArrayList<>();
    forEachChunk(
        id,
        (start, length, direct) -> parts.add(new ByteArrayInputStream(read(direct.contentId()))));
    return new SequenceInputStream(Collections.enumeration(parts));
  }

  @Override
  public InputStream openAt(ObjectId id, long position) throws RepositoryException {
    InputStream in = open(id);
    try {
      in.skipNBytes(position);
      return in;
    } catch (RepositoryException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public long length(ObjectId id) throws RepositoryException {
    long[] end = new long[1];
    forEachChunk(id, (start, length, direct) -> end[0] = start + length);
    return end[0];
  }

  @Override
  public byte[] readAll(ObjectId id, int maxLength) throws RepositoryException {
    if (length(id) > maxLength) {
      throw new DamagedException("object " + id + ": longer than " + maxLength);
    }
    try (InputStream in = open(id)) {
      return in.readAllBytes();
    } catch (RepositoryException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public ObjectChunks chunks(ObjectId id) {
    throw new UnsupportedOperationException("chunks of " + id);
  }

  @Override
  public void forEachChunk(ObjectId id, ChunkVisitor visitor) throws RepositoryException {
    if (!id.isIndirect()) {
      IndexEntry entry =
          find(id.contentId())
              .orElseThrow(() -> new NotFoundException("content " + id + ": not in the index"));
      visitor.visit(0, entry.originalLength(), id);
      return;
    }
    List<Chunk> chunks = lists.get(id);
    if (chunks == null || damaged.contains(id.contentId())) {
      throw new DamagedException("object " + id + ": not a chunk list");
    }
    for (Chunk chunk : chunks) {
      visitor.visit(chunk.start, chunk.length, chunk.object);
    }
  }

  @Override
  public void forEachContent(ObjectId id, ContentVisitor visitor) throws RepositoryException {
    if (id.isIndirect()) {
      visitor.visit(id.contentId());
    }
    forEachChunk(id, (start, length, direct) -> visitor.visit(direct.contentId()));
  }
}
