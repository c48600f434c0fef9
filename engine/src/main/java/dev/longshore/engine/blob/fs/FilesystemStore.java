package dev.longshore.engine.blob.fs;

import dev.longshore.engine.blob.BlobDraft;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.StoreDescription;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;

/// Blobs as files in the folders of [Sharding], as Kopia keeps them.
///
/// A put writes a temporary file beside the final one, forces it to the disk, renames it and forces
/// the folder; so a blob is there as a whole or not at all, after a crash too. Files are never
/// followed through symbolic links, and only regular files are read: whoever else may write to the
/// folder can damage the repository, but not lead the process elsewhere. Safe for use by many
/// threads and processes.
///
/// Source: kopia 4ebb2be6c `repo/blob/filesystem/filesystem_storage.go`.
public final class FilesystemStore implements BlobStore {
  private static final System.Logger LOG = System.getLogger(FilesystemStore.class.getName());

  /// The largest `.shards` that is read.
  private static final long MAX_SHARDS_BYTES = 1 << 20;

  private static final int MAX_PIECE_BYTES = 256 << 10;

  private final FilesystemOptions options;
  private final Path root;
  private final Sharding sharding;
  private final FileWriter writer;

  private FilesystemStore(
      FilesystemOptions options, Path root, Sharding sharding, FileWriter writer) {
    this.options = options;
    this.root = root;
    this.sharding = sharding;
    this.writer = writer;
  }

  /// Opens a store for a new repository: makes the folder if it is missing, and shards as the
  /// options say, or `[1,3]`, unless the folder has its own `.shards`.
  ///
  /// @throws StoreException if the folder cannot be made or read
  public static FilesystemStore create(FilesystemOptions options) throws RepositoryException {
    Path root = root(options);
    FileWriter writer = new FileWriter(root, options);
    try {
      writer.createRoot();
    } catch (IOException e) {
      throw StoreFaults.of("create folder " + root, e);
    }
    return open(options, root, writer, Sharding.NEW);
  }

  /// Opens the store of an existing repository; without `.shards` it shards as the options say, or
  /// `[3,3]`.
  ///
  /// @throws NotFoundException if the folder is missing
  /// @throws StoreException if it cannot be read
  public static FilesystemStore open(FilesystemOptions options) throws RepositoryException {
    Path root = root(options);
    return open(options, root, new FileWriter(root, options), Sharding.OLD);
  }

  private static Path root(FilesystemOptions options) throws StoreException {
    if (options.path().isEmpty()) {
      throw new StoreException("the filesystem store has no path", Retry.NEVER);
    }
    try {
      return Path.of(options.path());
    } catch (InvalidPathException e) {
      throw new StoreException("the filesystem store's path is none", Retry.NEVER, e);
    }
  }

  private static FilesystemStore open(
      FilesystemOptions options, Path root, FileWriter writer, List<Integer> shardsIfUnknown)
      throws RepositoryException {
    try {
      if (!Files.readAttributes(root, BasicFileAttributes.class).isDirectory()) {
        throw new NotFoundException("the repository's folder " + root + " is no folder");
      }
    } catch (NoSuchFileException e) {
      throw new NotFoundException("the repository's folder " + root + " is not there", e);
    } catch (RepositoryException e) {
      throw e;
    } catch (IOException e) {
      throw StoreFaults.of("open the repository's folder " + root, e);
    }
    List<Integer> shards = options.dirShards() == null ? shardsIfUnknown : options.dirShards();
    Sharding sharding = loadSharding(root, writer, Sharding.of(shards));
    return new FilesystemStore(options, root, sharding, writer);
  }

  private static Sharding loadSharding(Path root, FileWriter writer, Sharding ifMissing)
      throws RepositoryException {
    Path file = root.resolve(Sharding.FILE_NAME);
    try {
      if (Files.size(file) > MAX_SHARDS_BYTES) {
        throw new DamagedException(file + ": larger than any sharding");
      }
      return Sharding.parse(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      try {
        writer.write(file, ByteBuffer.wrap(ifMissing.encode()), PutOptions.NONE);
      } catch (IOException failure) {
        LOG.log(System.Logger.Level.WARNING, "cannot write " + file, failure);
      }
      return ifMissing;
    } catch (CorruptException e) {
      throw new DamagedException(file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw StoreFaults.of("read " + file, e);
    }
  }

  @Override
  public byte[] get(BlobId id) throws RepositoryException {
    return read(id, 0, -1);
  }

  @Override
  public byte[] getRange(BlobId id, long offset, int length) throws RepositoryException {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException("range " + offset + "+" + length);
    }
    return read(id, offset, length);
  }

  @Override
  public void getRange(BlobId id, long offset, ByteBuffer into) throws RepositoryException {
    if (offset < 0) {
      throw new IllegalArgumentException("range " + offset + "+" + into.remaining());
    }
    String what = "get " + id;
    Path file = existingPath(id);
    try {
      checkRange(regular(file, what).size(), offset, into.remaining(), what);
      fill(file, offset, into, what);
    } catch (RepositoryException e) {
      throw e;
    } catch (IOException e) {
      throw StoreFaults.of(what, e);
    }
  }

  private byte[] read(BlobId id, long offset, int length) throws RepositoryException {
    String what = "get " + id;
    Path file = existingPath(id);
    try {
      long size = regular(file, what).size();
      long wanted = length < 0 ? size : length;
      checkRange(size, offset, wanted, what);
      byte[] bytes = new byte[(int) wanted];
      fill(file, offset, ByteBuffer.wrap(bytes), what);
      return bytes;
    } catch (RepositoryException e) {
      throw e;
    } catch (IOException e) {
      throw StoreFaults.of(what, e);
    }
  }

  private static void checkRange(long size, long offset, long wanted, String what)
      throws StoreException {
    if (wanted > Integer.MAX_VALUE - 8 || offset > size - wanted) {
      throw new StoreException(
          what + ": range " + offset + "+" + wanted + " of " + size + " bytes", Retry.NEVER);
    }
  }

  /// Reads piece by piece: the JDK keeps a native buffer of the largest piece for each thread.
  private static void fill(Path file, long offset, ByteBuffer into, String what)
      throws IOException {
    if (into.remaining() >= LargeRead.MIN_BYTES && LargeRead.isAvailable()) {
      try {
        LargeRead.fill(file, offset, into);
      } catch (EOFException e) {
        throw new StoreException(what + ": " + e.getMessage(), Retry.NEVER, e);
      }
      return;
    }
    int start = into.position();
    int end = into.limit();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      while (into.position() < end) {
        into.limit(Math.min(end, into.position() + MAX_PIECE_BYTES));
        if (channel.read(into, offset + into.position() - start) < 0) {
          throw new StoreException(
              what + ": ends " + (end - into.position()) + " bytes early", Retry.NEVER);
        }
      }
    } finally {
      into.limit(end);
    }
  }

  @Override
  public Optional<BlobMetadata> metadata(BlobId id) throws RepositoryException {
    Optional<String> path = sharding.path(id);
    if (path.isEmpty()) {
      return Optional.empty();
    }
    String what = "stat " + id;
    try {
      BasicFileAttributes file = regular(root.resolve(path.get()), what);
      return Optional.of(metadata(id, file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (RepositoryException e) {
      throw e;
    } catch (IOException e) {
      throw StoreFaults.of(what, e);
    }
  }

  private static BasicFileAttributes regular(Path file, String what) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isRegularFile()) {
      throw new StoreException(what + ": " + file + " is not a regular file", Retry.NEVER);
    }
    return attributes;
  }

  static BlobMetadata metadata(BlobId id, BasicFileAttributes file) {
    return new BlobMetadata(id, file.size(), file.lastModifiedTime().toInstant());
  }

  @Override
  public void put(BlobId id, ByteBuffer content, PutOptions options) throws RepositoryException {
    String what = "put " + id;
    Path file = placeOf(id, options);
    int bytes = content.remaining();
    try {
      if (!writer.write(file, content, options)) {
        throw new StoreException(what + ": it exists already", Retry.NEVER);
      }
    } catch (RepositoryException e) {
      throw e;
    } catch (IOException e) {
      throw StoreFaults.ofWrite(what, root, bytes, e);
    }
  }

  private Path placeOf(BlobId id, PutOptions options) throws RepositoryException {
    if (options.retention().isPresent()) {
      throw new UnsupportedException("put " + id + ": a filesystem store cannot lock blobs");
    }
    return root.resolve(requirePath(id, "put " + id));
  }

  @Override
  public BlobDraft draft(BlobId id, int expectedBytes, PutOptions options)
      throws RepositoryException {
    Path file = placeOf(id, options);
    try {
      return new FileDraft("put " + id, root, writer.begin(file, expectedBytes), options);
    } catch (IOException e) {
      throw StoreFaults.ofWrite("put " + id, root, expectedBytes, e);
    }
  }

  @Override
  public boolean draftsInMemory() {
    return false;
  }

  @Override
  public boolean keepsTimes() {
    return true;
  }

  @Override
  public void delete(BlobId id) throws RepositoryException {
    Path file = root.resolve(requirePath(id, "delete " + id));
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw StoreFaults.of("delete " + id, e);
    }
  }

  private Path existingPath(BlobId id) throws NotFoundException {
    return root.resolve(
        sharding
            .path(id)
            .orElseThrow(
                () -> new NotFoundException("get " + id + ": no file can have this name")));
  }

  private String requirePath(BlobId id, String what) throws StoreException {
    return sharding
        .path(id)
        .orElseThrow(() -> new StoreException(what + ": no file can have this name", Retry.NEVER));
  }

  @Override
  public void list(String prefix, Visitor visitor) throws RepositoryException {
    new TreeLister(root, sharding, prefix).list(Math.max(1, options.listParallelism()), visitor);
  }

  @Override
  public StoreDescription description() {
    return new StoreDescription("filesystem", "Filesystem: " + options.path(), options.toJson());
  }

  @Override
  public boolean isLocal() {
    return true;
  }

  @Override
  public Optional<Capacity> capacity() throws RepositoryException {
    // Not Files.getFileStore, which looks for the mount point by name and fails where that is
    // hidden,
    // as in a chroot.
    File place = root.toFile();
    long total = place.getTotalSpace();
    if (total == 0 && !Files.exists(root)) {
      throw new NotFoundException("capacity of " + root + ": it is not there");
    }
    return total == 0 ? Optional.empty() : Optional.of(new Capacity(total, place.getUsableSpace()));
  }

  @Override
  public void close() {}
}
