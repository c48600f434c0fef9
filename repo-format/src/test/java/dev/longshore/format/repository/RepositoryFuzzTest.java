package dev.longshore.format.repository;

import dev.longshore.format.fuzz.Fuzz;
import dev.longshore.format.golden.GoldenRepository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Damaged format blobs, outside and inside.
class RepositoryFuzzTest {
  @Test
  void damagedOuterBlobsAreRefusedOrOpenAsNothing() throws IOException {
    GoldenRepository repository = GoldenRepository.named("v3-default");
    byte[] key = repository.formatKey();
    Fuzz.run(
        1,
        List.of(repository.blob("kopia.repository")),
        bytes -> {
          FormatBlob blob = FormatBlob.parse(bytes);
          blob.encode();
          FormatBlobCodec.open(blob, key);
        });
  }

  @Test
  void damagedFormatsAreRefusedOrWellFormed() throws IOException {
    UpgradeLock lock =
        new UpgradeLock(
            "me",
            Instant.EPOCH,
            Duration.ofHours(1),
            Duration.ofHours(1),
            Duration.ofHours(1),
            "m",
            Duration.ofHours(1));
    RepositoryFormat format =
        GoldenRepository.named("ecc")
            .format()
            .withUpgradeLock(lock)
            .withRequiredFeatures(List.of(new RequiredFeature("f", true, "m", "u", "v")));
    Fuzz.run(
        2,
        List.of(RepositoryFormatWriter.encode(format)),
        bytes -> {
          RepositoryFormat read = RepositoryFormatReader.decode(bytes);
          read.parameterProblems();
          read.unmetFeatures();
          read.findUpgradeLock().ifPresent(l -> l.isLocked(Instant.EPOCH));
          RepositoryFormatWriter.encode(read);
        });
  }

  @Test
  void damagedRetentionSettingsAreRefusedOrWellFormed() {
    byte[] sample =
        "{\"retentionMode\":\"GOVERNANCE\",\"retentionPeriod\":172800000000000}"
            .getBytes(StandardCharsets.UTF_8);
    Fuzz.run(3, List.of(sample), bytes -> BlobRetention.decode(bytes).problems());
  }
}
