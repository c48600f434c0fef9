package dev.longshore.cbt;

import java.util.List;

/// What a service for tests answers: messages, and how the stream ends.
///
/// @param code gRPC's name; `OK` ends it as a whole
public record MetadataAnswer(List<MetadataMessage> messages, String code, String words) {
  public static final String OK = "OK";

  public static MetadataAnswer whole(List<MetadataMessage> messages) {
    return new MetadataAnswer(messages, OK, "");
  }

  public static MetadataAnswer failure(String code, String words) {
    return new MetadataAnswer(List.of(), code, words);
  }

  /// One message of blocks of any length.
  public static MetadataMessage message(long capacity, Extent... extents) {
    return new MetadataMessage(2, capacity, List.of(extents));
  }
}
