package dev.longshore.format.epoch;

import dev.longshore.format.id.BlobMetadata;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The listed `x` blobs by what their names say, in listing order.
final class EpochListing {
  final TreeMap<Integer, List<BlobMetadata>> uncompacted = new TreeMap<>();
  final Map<Integer, List<BlobMetadata>> singleEpochs = new HashMap<>();
  final Map<EpochBlobName.Range, List<BlobMetadata>> ranges = new HashMap<>();
  final List<BlobMetadata> markers = new ArrayList<>();
  final List<BlobMetadata> watermarks = new ArrayList<>();
  int writeEpoch;
  long watermark = -1;

  void add(BlobMetadata blob) {
    EpochBlobName name = EpochBlobName.parse(blob.id()).orElse(null);
    switch (name) {
      case EpochBlobName.Marker(int epoch) -> {
        markers.add(blob);
        writeEpoch = Math.max(writeEpoch, epoch);
      }
      case EpochBlobName.Watermark(long seconds) -> {
        watermarks.add(blob);
        watermark = Math.max(watermark, seconds);
      }
      case EpochBlobName.Uncompacted(int epoch) -> group(uncompacted, epoch, blob);
      case EpochBlobName.SingleEpoch(int epoch) -> group(singleEpochs, epoch, blob);
      case EpochBlobName.Range range -> group(ranges, range, blob);
      case null -> {} // foreign
    }
  }

  private static <K> void group(Map<K, List<BlobMetadata>> groups, K key, BlobMetadata blob) {
    groups.computeIfAbsent(key, _ -> new ArrayList<>()).add(blob);
  }
}
