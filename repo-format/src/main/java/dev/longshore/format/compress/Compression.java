package dev.longshore.format.compress;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A compression that a repository can name: in a policy by its name, in a compressed payload and
/// in an index entry by its header id.
///
/// Header ids are never reused. How a stream was made does not matter for deduplication in index
/// version 2, where ids are hashes of the plain bytes; the levels below are those whose speed and
/// ratio come near what Kopia's libraries do under that name.
///
/// Source: `repo/compression/compression_ids.go` and `compressor_*.go`, commit 4ebb2be6c; `lz4` as
/// in tag v0.22.3.
public enum Compression {
  /// RFC 1952, level 6.
  GZIP("gzip", 0x1000, new GzipCompressor(6)),
  /// RFC 1952, level 1.
  GZIP_BEST_SPEED("gzip-best-speed", 0x1001, new GzipCompressor(1)),
  /// RFC 1952, level 9.
  GZIP_BEST_COMPRESSION("gzip-best-compression", 0x1002, new GzipCompressor(9)),
  /// RFC 8878, level 3.
  ZSTD("zstd", 0x1100, new ZstdCompressor(3)),
  /// RFC 8878, level 1: what Kopia compresses metadata with.
  ZSTD_FASTEST("zstd-fastest", 0x1101, new ZstdCompressor(1)),
  /// RFC 8878, level 7.
  ZSTD_BETTER_COMPRESSION("zstd-better-compression", 0x1102, new ZstdCompressor(7)),
  /// RFC 8878, level 11; Kopia advises against it.
  ZSTD_BEST_COMPRESSION("zstd-best-compression", 0x1103, new ZstdCompressor(11)),
  /// S2 stream.
  S2_DEFAULT("s2-default", 0x1200, S2Compressor.FAST),
  /// S2 stream, with a longer search.
  S2_BETTER("s2-better", 0x1201, S2Compressor.BETTER),
  /// S2 stream; the number is of Kopia's threads and leaves no trace in the bytes.
  S2_PARALLEL_4("s2-parallel-4", 0x1202, S2Compressor.FAST),
  /// S2 stream; the number is of Kopia's threads and leaves no trace in the bytes.
  S2_PARALLEL_8("s2-parallel-8", 0x1203, S2Compressor.FAST),
  /// RFC 1952, level 6; Kopia makes it with several threads.
  PGZIP("pgzip", 0x1300, new GzipCompressor(6)),
  /// RFC 1952, level 1.
  PGZIP_BEST_SPEED("pgzip-best-speed", 0x1301, new GzipCompressor(1)),
  /// RFC 1952, level 9.
  PGZIP_BEST_COMPRESSION("pgzip-best-compression", 0x1302, new GzipCompressor(9)),
  /// LZ4 frame, which Kopia can neither read nor write since 0.23.
  LZ4("lz4", 0x1400, new Lz4Compressor()),
  /// RFC 1951, level 6.
  DEFLATE_DEFAULT("deflate-default", 0x1500, new DeflateCompressor(6)),
  /// RFC 1951, level 1.
  DEFLATE_BEST_SPEED("deflate-best-speed", 0x1501, new DeflateCompressor(1)),
  /// RFC 1951, level 9.
  DEFLATE_BEST_COMPRESSION("deflate-best-compression", 0x1502, new DeflateCompressor(9));

  private static final Map<String, Compression> BY_NAME =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(c -> c.label, Function.identity()));
  private static final Map<Integer, Compression> BY_HEADER_ID =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(c -> c.headerId, Function.identity()));

  private final String label;
  private final int headerId;

  // Not immutable by its type, but thread-safe: what changes in it are pools of idle contexts.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Compressor compressor;

  Compression(String label, int headerId, Compressor compressor) {
    this.label = label;
    this.headerId = headerId;
    this.compressor = compressor;
  }

  /// The compression that policies call so. Empty for an unknown name, for `none` and for the empty
  /// name, which both mean that nothing is compressed.
  public static Optional<Compression> byName(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /// The compression with that header id. Empty for an unknown id and for 0, which means not
  /// compressed.
  public static Optional<Compression> byHeaderId(int headerId) {
    return Optional.ofNullable(BY_HEADER_ID.get(headerId));
  }

  /// The name in policies, for example `zstd-fastest`.
  public String label() {
    return label;
  }

  /// The id in payloads and index entries; never 0.
  public int headerId() {
    return headerId;
  }

  /// Tells whether a policy should rather choose another one.
  public boolean deprecated() {
    return this == ZSTD_BEST_COMPRESSION || this == LZ4;
  }

  /// Tells whether all supported versions of Kopia read it, so that a policy may choose it. What is
  /// not writable is still compressed on request.
  public boolean writable() {
    return this != LZ4;
  }

  /// The functions that do it.
  public Compressor compressor() {
    return compressor;
  }
}
