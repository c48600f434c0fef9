package dev.longshore.format.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.fuzz.Fuzz;
import dev.longshore.format.golden.DocumentedSamples;
import dev.longshore.format.id.BlobId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SessionTest {
  private static final String KOPIAS =
      """
      {"id":"s710868003fb6da79147","startTime":"2026-11-21T05:00:34.26318236-05:00",\
      "checkpointTime":"2026-11-21T10:00:35Z","username":"root","hostname":"vm"}\
      """;

  @Test
  void theIdEndsInTheMonth() {
    SessionId id = SessionId.generate(new Random(1), Instant.parse("2026-11-21T00:00:00Z"));
    assertTrue(id.value().matches("s[0-9a-f]{16}147"), id.value());
    SessionId early = SessionId.generate(new Random(1), Instant.parse("2000-02-01T00:00:00Z"));
    assertTrue(early.value().matches("s[0-9a-f]{16}1"), early.value());
    assertTrue(SessionId.generateSetId(new Random(1)).value().matches("s[0-9a-f]{16}"));
  }

  @Test
  void theSessionOfABlobIsTheFirstPartThatBeginsWithS() {
    assertEquals(Optional.of(new SessionId("s12")), SessionId.ofBlob(new BlobId("p1-s12")));
    assertEquals(Optional.of(new SessionId("s12")), SessionId.ofBlob(new BlobId("xn0_1-s12-c1")));
    assertEquals(Optional.of(new SessionId("s3")), SessionId.ofBlob(new BlobId("p1-x-s3-s4")));
    assertEquals(Optional.empty(), SessionId.ofBlob(new BlobId("s12")));
    assertEquals(Optional.empty(), SessionId.ofBlob(new BlobId("n1-c1")));
  }

  @Test
  void readsMarkersWithZoneOffsets() throws IOException {
    SessionMarker marker = SessionMarker.decode(KOPIAS.getBytes(StandardCharsets.UTF_8));
    assertEquals(new SessionId("s710868003fb6da79147"), marker.id());
    assertEquals(Instant.parse("2026-11-21T10:00:34.26318236Z"), marker.startTime());
    assertEquals("root", marker.userName());
    assertEquals("vm", marker.hostName());
    assertEquals(marker, SessionMarker.decode(marker.encode()));
    assertEquals(
        KOPIAS.replace("05:00:34.26318236-05:00", "10:00:34.26318236Z"),
        new String(marker.encode(), StandardCharsets.UTF_8));
  }

  @Test
  void refusesMarkersWithoutASession() {
    for (String id : List.of("", "x1", "s1-2", "s 1")) {
      byte[] json = KOPIAS.replace("s710868003fb6da79147", id).getBytes(StandardCharsets.UTF_8);
      assertThrows(CorruptException.class, () -> SessionMarker.decode(json), id);
    }
    assertThrows(IllegalArgumentException.class, () -> new SessionId("x"));
  }

  @Test
  void damagedMarkersAreRefusedOrWellFormed() {
    byte[] sample = KOPIAS.getBytes(StandardCharsets.UTF_8);
    Fuzz.run(1, List.of(sample), bytes -> SessionMarker.decode(bytes).encode());
  }

  @Test
  void theDocumentationShowsTheMarkerThatIsWritten() throws IOException {
    String json = DocumentedSamples.of("blobs.md").json("session-marker");
    SessionMarker marker = SessionMarker.decode(json.getBytes(StandardCharsets.UTF_8));
    assertEquals(json, new String(marker.encode(), StandardCharsets.UTF_8));
  }
}
