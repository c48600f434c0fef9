package dev.longshore.engine.cache;

import dev.longshore.crypto.hash.ContentHasher;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What a store listed a moment ago, for the next process of this client. Thread-safe.
///
/// A list serves while it is young and nobody who shares the folder has changed what it speaks of:
/// each change leaves a new random token, and a list holds the token that was there before it was
/// asked for. Changes by other clients are seen when the list is too old. Without a token no list
/// is believed: a change on a disk that is full overwrites it in place, or takes it away.
///
/// A list in its file, integers big-endian: `LSCLIST1`, the token (8), when it was asked for (ms
/// since 1970, 8), the prefix, count (4), of each blob its name, length (8), seconds (8) and
/// nanoseconds (4) of its time; texts as `DataOutput` writes them. Then the repository's keyed hash
/// of all that, so that nobody else's list is believed.
public final class ListCache {
  private static final long MAGIC = 0x4c53434c49535431L;
  private static final String CHANGED = "changed";
  private static final int TOKEN_BYTES = 8;

  /// An index of that age is loaded again anyway; safety rules of maintenance count on it.
  private static final Duration LONGEST = Duration.ofMinutes(15);

  /// Lists that are longer are not kept: an index of so many blobs is due for maintenance.
  private static final int MAX_BYTES = 1 << 20;

  private final Path folder;
  private final Duration maxAge;
  private final Surroundings surroundings;
  private final Disk disk;

  /// A change could not be noted.
  private volatile boolean distrusted;

  /// What a list cache needs.
  ///
  /// @param hasher keyed by the repository's secret
  /// @param random makes tokens; need not be secure, must be thread-safe
  public record Surroundings(ContentHasher hasher, Clock clock, RandomGenerator random) {}

  /// The lists in a folder, which is made when one is kept.
  ///
  /// @param maxAge how long a list serves; 15 minutes at most
  public ListCache(Path folder, Duration maxAge, Surroundings surroundings) {
    this(folder, maxAge, surroundings, (file, bytes) -> replace(folder, file, bytes));
  }

  /// As above, on another disk.
  ListCache(Path folder, Duration maxAge, Surroundings surroundings, Disk disk) {
    this.folder = folder;
    this.maxAge = maxAge.compareTo(LONGEST) > 0 ? LONGEST : maxAge;
    this.surroundings = surroundings;
    this.disk = disk;
  }

  /// Where files are made.
  @FunctionalInterface
  interface Disk {
    /// Makes or replaces a file.
    void replace(Path file, byte[] bytes) throws IOException;
  }

  Surroundings surroundings() {
    return surroundings;
  }

  /// What asks a store.
  @FunctionalInterface
  public interface Lister {
    List<BlobMetadata> list() throws RepositoryException;
  }

  /// A list that is young enough.
  public Optional<Listing> find(String prefix) {
    try {
      OptionalLong token = token();
      if (distrusted || token.isEmpty()) {
        return Optional.empty();
      }
      Listing found = decode(prefix, read(file(prefix), MAX_BYTES), token.getAsLong());
      return found != null && isYoung(found.at()) ? Optional.of(found) : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty(); // there is none, or none that makes sense
    }
  }

  private boolean isYoung(Instant at) {
    Duration age = Duration.between(at, surroundings.clock().instant());
    return !age.isNegative() && age.compareTo(maxAge) < 0;
  }

  /// Asks the store, and keeps what it says.
  public Listing list(String prefix, Lister lister) throws RepositoryException {
    OptionalLong token = maxAge.isPositive() ? tokenToKeepBy() : OptionalLong.empty();
    Instant at = surroundings.clock().instant();
    Listing listing = new Listing(lister.list(), at);
    if (token.isEmpty()) {
      return listing;
    }
    try {
      byte[] bytes = encode(prefix, listing, token.getAsLong());
      if (bytes.length <= MAX_BYTES) {
        write(file(prefix), bytes);
      }
    } catch (IOException e) {
      return listing; // the next one asks the store, too
    }
    return listing;
  }

  /// To be called after anything that lists speak of was put or deleted.
  public void changed() {
    byte[] token = newToken();
    Path file = folder.resolve(CHANGED);
    try {
      write(file, token);
      return;
    } catch (IOException e) {
      // Full, perhaps. What is there already can still be changed.
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(token), 0);
      return;
    } catch (IOException e) {
      // Not that either: no token is as good as another one.
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      distrusted = true; // all that this process can do
    }
  }

  private Path file(String prefix) {
    byte[] name = prefix.getBytes(StandardCharsets.UTF_8);
    return folder.resolve("list-" + HexFormat.of().formatHex(name));
  }

  private byte[] newToken() {
    byte[] token = new byte[TOKEN_BYTES];
    surroundings.random().nextBytes(token);
    return token;
  }

  /// The token; empty if there is none, or none that makes sense.
  private OptionalLong token() {
    try {
      byte[] token = read(folder.resolve(CHANGED), TOKEN_BYTES);
      return token.length == TOKEN_BYTES
          ? OptionalLong.of(ByteBuffer.wrap(token).getLong())
          : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /// The token, which is made if it is not there, so that [#changed] finds one to overwrite.
  private OptionalLong tokenToKeepBy() {
    OptionalLong token = token();
    if (token.isEmpty()) {
      changed();
      token = token();
    }
    return token;
  }

  /// Reads a whole file.
  ///
  /// @throws IOException if it is longer than it should be
  private static byte[] read(Path file, int maxBytes) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw new IOException(file + " is longer than " + maxBytes + " bytes");
      }
      return bytes;
    }
  }

  private void write(Path file, byte[] bytes) throws IOException {
    new CacheFolder(folder).make();
    clearUnfinished();
    disk.replace(file, bytes);
  }

  private static void replace(Path folder, Path file, byte[] bytes) throws IOException {
    Path unfinished = Files.createTempFile(folder, CacheSweep.UNFINISHED, "");
    try {
      Files.write(unfinished, bytes);
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /// Deletes what processes that died have not finished; the folder holds a few files only.
  private void clearUnfinished() throws IOException {
    Instant now = surroundings.clock().instant();
    try (DirectoryStream<Path> left =
        Files.newDirectoryStream(folder, CacheSweep.UNFINISHED + "*")) {
      for (Path file : left) {
        if (CacheSweep.isAbandoned(Files.getLastModifiedTime(file).toInstant(), now)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (NoSuchFileException e) {
      return; // somebody else was faster
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private byte[] encode(String prefix, Listing listing, long token) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeLong(MAGIC);
    out.writeLong(token);
    out.writeLong(listing.at().toEpochMilli());
    out.writeUTF(prefix);
    out.writeInt(listing.blobs().size());
    for (BlobMetadata blob : listing.blobs()) {
      out.writeUTF(blob.id().value());
      out.writeLong(blob.lengthBytes());
      Instant time = blob.timestamp();
      out.writeLong(time.getEpochSecond());
      out.writeInt(time.getNano());
    }
    bytes.writeBytes(surroundings.hasher().hash(bytes.toByteArray()));
    return bytes.toByteArray();
  }

  /// Null if it is not this list, or was overtaken by a change.
  private @Nullable Listing decode(String prefix, byte[] bytes, long token) throws IOException {
    int end = bytes.length - surroundings.hasher().sizeBytes();
    if (end < 0) {
      return null;
    }
    byte[] hash = surroundings.hasher().hash(Arrays.copyOf(bytes, end));
    if (!MessageDigest.isEqual(hash, Arrays.copyOfRange(bytes, end, bytes.length))) {
      return null;
    }
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, end));
    if (in.readLong() != MAGIC || in.readLong() != token) {
      return null;
    }
    Instant at = Instant.ofEpochMilli(in.readLong());
    if (!in.readUTF().equals(prefix)) {
      return null;
    }
    int count = in.readInt();
    List<BlobMetadata> blobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      BlobId id = new BlobId(in.readUTF());
      long length = in.readLong();
      blobs.add(new BlobMetadata(id, length, Instant.ofEpochSecond(in.readLong(), in.readInt())));
    }
    return new Listing(blobs, at);
  }
}
