package dev.longshore.format.golden;

import dev.longshore.format.error.FormatException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.repository.FormatBlob;
import dev.longshore.format.repository.FormatBlobCodec;
import dev.longshore.format.repository.RepositoryFormat;
import dev.longshore.format.seal.RepositoryCrypto;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/// A repository written by Kopia: some of its blobs, and what they must read back as.
public final class GoldenRepository {
  private static final Map<String, GoldenRepository> ALL = load();

  private final String name;
  private final Map<BlobId, byte[]> blobs = new TreeMap<>();
  private final List<String[]> lines = new ArrayList<>();

  private GoldenRepository(String name) {
    this.name = name;
  }

  private static Map<String, GoldenRepository> load() {
    Map<String, GoldenRepository> all = new TreeMap<>();
    try (ZipInputStream zip = new ZipInputStream(resource("repositories.zip"))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String[] path = entry.getName().split("/", 2);
        GoldenRepository repository = all.computeIfAbsent(path[0], GoldenRepository::new);
        byte[] bytes = zip.readAllBytes();
        if (path[1].equals("expected.txt")) {
          lines(bytes).forEach(repository.lines::add);
        } else {
          repository.blobs.put(new BlobId(path[1]), bytes);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  private static InputStream resource(String name) {
    InputStream in = GoldenRepository.class.getResourceAsStream("/golden/" + name);
    if (in == null) {
      throw new IllegalStateException("no golden file " + name);
    }
    return in;
  }

  /// The lines of a golden text file, cut at tabs.
  public static List<String[]> lines(String resource) throws IOException {
    try (InputStream in = resource(resource)) {
      return lines(in.readAllBytes()).toList();
    }
  }

  private static Stream<String[]> lines(byte[] text) {
    return new String(text, StandardCharsets.UTF_8).lines().map(line -> line.split("\t"));
  }

  /// All repositories.
  public static Stream<GoldenRepository> all() {
    return ALL.values().stream();
  }

  /// One repository.
  public static GoldenRepository named(String name) {
    return Optional.ofNullable(ALL.get(name)).orElseThrow();
  }

  /// The entry a `content` line stands for.
  public static IndexEntry entry(String[] columns) {
    return new IndexEntry(
        ContentId.parse(columns[1]).orElseThrow(),
        new BlobId(columns[2]),
        Integer.parseInt(columns[3]),
        Integer.parseInt(columns[4]),
        Integer.parseInt(columns[5]),
        Integer.parseInt(columns[6]),
        Boolean.parseBoolean(columns[7]),
        Long.parseLong(columns[8]),
        Integer.parseInt(columns[9]),
        0);
  }

  /// The lines of the expectations with this first column.
  public List<String[]> expected(String kind) {
    return lines.stream().filter(line -> line[0].equals(kind)).toList();
  }

  /// The password.
  public String password() {
    return expected("password").getFirst()[1];
  }

  /// The key derived from the password.
  public byte[] formatKey() {
    return HexFormat.of().parseHex(expected("formatKey").getFirst()[1]);
  }

  /// The blobs at hand.
  public Map<BlobId, byte[]> blobs() {
    return blobs;
  }

  /// One blob at hand.
  public byte[] blob(String id) {
    return Optional.ofNullable(blobs.get(new BlobId(id))).orElseThrow();
  }

  /// The listing of blobs that begin with `prefix`.
  public List<BlobMetadata> list(String prefix) {
    return expected("blob").stream()
        .filter(line -> line[1].startsWith(prefix))
        .map(line ->
            new BlobMetadata(new BlobId(line[1]), Long.parseLong(line[2]), Instant.parse(line[3])))
        .toList();
  }

  /// The outer format blob.
  public FormatBlob formatBlob() throws FormatException {
    return FormatBlob.parse(blob(FormatBlob.BLOB_NAME));
  }

  /// The inner format.
  public RepositoryFormat format() throws IOException {
    return FormatBlobCodec.open(formatBlob(), formatKey());
  }

  /// The repository's keys.
  public RepositoryCrypto crypto() throws IOException {
    return RepositoryCrypto.create(format(), new SecureRandom());
  }

  @Override
  public String toString() {
    return name;
  }
}
