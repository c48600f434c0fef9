package dev.longshore.format.block;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SourceInfo;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BlockLayoutTest {
  private static final String PATH = "snapshot-data-upload-download/velero-block/ns1/pvc1";
  private static final ObjectId LIST =
      ObjectId.parse("Ix5210f6384152ab7f5f199e9e87db9697").orElseThrow();

  @Test
  void theDirectoryIsVelerosToTheByte() {
    assertEquals(
        "{\"stream\":\"kopia:directory\",\"entries\":[{\"name\":"
            + "\"snapshot-data-upload-download-velero-block-ns1-pvc1\",\"type\":\"f\","
            + "\"mode\":\"0777\",\"size\":6291456,\"mtime\":\"1754-08-30T22:43:41.128654848Z\","
            + "\"obj\":\"Ix5210f6384152ab7f5f199e9e87db9697\"}],\"summary\":null}\n",
        new String(BlockLayout.directory(PATH, 6_291_456, LIST), StandardCharsets.UTF_8));
  }

  @Test
  void namesHaveNoSeparators() {
    assertEquals("dev-sdb", BlockLayout.fileName("/dev/sdb"));
    assertEquals("c-x", BlockLayout.fileName("\\\\c\\x//"));
    assertEquals("", BlockLayout.fileName("/"));
  }

  @Test
  void objectsAreWholeBlocks() {
    assertEquals(0, BlockLayout.objectBytes(0));
    assertEquals(1 << 20, BlockLayout.objectBytes(1));
    assertEquals(1 << 20, BlockLayout.objectBytes(1 << 20));
    assertEquals(2 << 20, BlockLayout.objectBytes((1 << 20) + 1));
  }

  @Test
  void tagsReadBackUnlessTheSizeCannotBe() {
    BlockTags tags = new BlockTags(5_767_680, "vol", "snap");
    assertEquals(Optional.of(tags), BlockTags.of(snapshot(tags.toMap(), 6_291_456)));
    assertEquals(Optional.empty(), BlockTags.of(snapshot(tags.toMap(), 7_340_032)));
    for (String size :
        List.of("", "-1", "+1", "5.5", "9999999999999999999", "99999999999999999999")) {
      assertEquals(
          Optional.empty(), BlockTags.of(snapshot(Map.of(BlockTags.SIZE, size), 6_291_456)), size);
    }
    assertEquals(Optional.empty(), BlockTags.of(snapshot(Map.of(), 6_291_456)));
  }

  private static SnapshotManifest snapshot(Map<String, String> tags, long size) {
    DirEntry root = BlockLayout.root(size, LIST);
    return new SnapshotManifest(
        new ManifestId("00112233445566778899aabbccddeeff"),
        new SourceInfo("default", "default", PATH),
        BlockLayout.DESCRIPTION,
        0,
        0,
        BlockLayout.stats(size),
        "",
        root,
        tags,
        List.of(BlockLayout.PIN));
  }
}
