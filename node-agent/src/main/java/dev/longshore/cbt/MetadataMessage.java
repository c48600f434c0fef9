package dev.longshore.cbt;

import java.util.List;

/// One message of an answer: not yet checked.
///
/// @param type 1: blocks of one length, 2: of any lengths
/// @param capacityBytes of the volume
public record MetadataMessage(int type, long capacityBytes, List<Extent> extents) {
  public MetadataMessage {
    extents = List.copyOf(extents);
  }
}
