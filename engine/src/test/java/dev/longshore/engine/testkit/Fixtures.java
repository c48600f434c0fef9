package dev.longshore.engine.testkit;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/// Repositories written by the real Kopia, unpacked where a test may write.
///
/// Each is a `tar.gz` among the resources `golden/kopia` (with `expected.json`) or `golden/velero`;
/// the blobs' modification times, which epochs depend on, are restored to the nanosecond.
public final class Fixtures {
  /// The fixtures of `golden/kopia`.
  public static final List<String> KOPIA =
      List.of(
          "compressors",
          "compressors-v1",
          "ecc",
          "epochs",
          "hash-blake2b-256",
          "hash-blake2s-128",
          "hash-blake2s-256",
          "hash-blake3-256-128",
          "hash-hmac-sha224",
          "hash-hmac-sha256",
          "hash-hmac-sha3-224",
          "hash-hmac-sha3-256",
          "history",
          "lz4-legacy",
          "pbkdf2",
          "v1",
          "v2",
          "v3-default",
          "v3-seed",
          "v3-small-chunks");

  private static final int BLOCK = 512;
  private static final int MAX_ENTRY = 64 << 20;

  private Fixtures() {}

  /// An unpacked repository.
  ///
  /// @param repository the folder of the filesystem store, free to be changed
  /// @param expected what it must read back as
  public record Fixture(String name, Path repository, Json expected) {
    /// The repository's password.
    public String password() {
      return expected.get("password").text();
    }
  }

  /// Unpacks a fixture of `golden/kopia` into `directory`.
  public static Fixture kopia(String name, Path directory) throws IOException {
    unpack("golden/kopia/" + name + ".tar.gz", directory);
    Json expected = Json.parse(Files.readAllBytes(directory.resolve("expected.json")));
    return new Fixture(name, directory.resolve("repository"), expected);
  }

  /// Unpacks the repository that Velero wrote (password `static-passw0rd`) and returns its folder.
  public static Path velero(Path directory) throws IOException {
    unpack("golden/velero/velero-ns1.tar.gz", directory);
    return directory.resolve("kopia/ns1");
  }

  /// Unpacks what Velero's block layout is made of (password `static-passw0rd`), without the packs
  /// of data, and returns the repository's folder.
  public static Path veleroBlock(Path directory) throws IOException {
    unpack("golden/velero/velero-block.tar.gz", directory);
    return directory.resolve("repository");
  }

  private static void unpack(String resource, Path directory) throws IOException {
    try (InputStream raw = Fixtures.class.getClassLoader().getResourceAsStream(resource)) {
      if (raw == null) {
        throw new FileNotFoundException(resource);
      }
      try (InputStream tar = new GZIPInputStream(raw, 1 << 16)) {
        unpackTar(tar, directory);
      }
    }
  }

  /// Reads plain tar with the one extension that the fixtures use: a PAX record with the exact
  /// time.
  private static void unpackTar(InputStream tar, Path directory) throws IOException {
    Map<String, String> pax = Map.of();
    while (true) {
      byte[] header = readFully(tar, BLOCK);
      if (header[0] == 0) {
        return;
      }
      String name = field(header, 0, 100);
      long size = Long.parseLong(field(header, 124, 12).trim(), 8);
      if (size > MAX_ENTRY) {
        throw new IOException("tar entry of " + size + " bytes");
      }
      byte[] data = readFully(tar, (int) size);
      readFully(tar, (int) (-size & (BLOCK - 1)));
      switch (header[156]) {
        case 'x' -> pax = paxRecords(data);
        case '5' -> Files.createDirectories(directory.resolve(name));
        default -> {
          String time = pax.getOrDefault("mtime", unixTime(header));
          writeFile(directory.resolve(pax.getOrDefault("path", name)), data, time);
          pax = Map.of();
        }
      }
    }
  }

  private static String unixTime(byte[] header) {
    return Long.toString(Long.parseLong(field(header, 136, 12).trim(), 8));
  }

  private static void writeFile(Path file, byte[] data, String time) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, data);
    BigDecimal seconds = new BigDecimal(time);
    long nanos = seconds.remainder(BigDecimal.ONE).movePointRight(9).longValue();
    Instant instant = Instant.ofEpochSecond(seconds.longValue(), nanos);
    Files.setLastModifiedTime(file, FileTime.from(instant));
  }

  private static Map<String, String> paxRecords(byte[] data) {
    Map<String, String> records = new HashMap<>();
    for (String line : new String(data, StandardCharsets.UTF_8).split("\n", -1)) {
      int name = line.indexOf(' ') + 1;
      int value = line.indexOf('=') + 1;
      if (value > 0) {
        records.put(line.substring(name, value - 1), line.substring(value));
      }
    }
    return records;
  }

  private static String field(byte[] header, int offset, int length) {
    int end = offset;
    while (end < offset + length && header[end] != 0) {
      end++;
    }
    return new String(header, offset, end - offset, StandardCharsets.UTF_8);
  }

  private static byte[] readFully(InputStream in, int length) throws IOException {
    byte[] data = in.readNBytes(length);
    if (data.length != length) {
      throw new EOFException("tar ends early");
    }
    return data;
  }
}
