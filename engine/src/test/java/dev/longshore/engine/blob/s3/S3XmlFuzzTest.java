package dev.longshore.engine.blob.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.testkit.Seeds;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Answers of servers may be anything.
class S3XmlFuzzTest {
  private static final String PAGE =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>
      <EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>
      <Contents><Key>a%2Fp1+%252B</Key><LastModified>2026-11-21T10:11:12.345Z</LastModified>
      <Owner><ID>x</ID></Owner><Size>17</Size></Contents>
      <Contents><Key>a%2Fp2</Key><LastModified>2026-11-21T10:11:12Z</LastModified><Size>0</Size></Contents>
      <CommonPrefixes><Prefix>a%2Fb%2F</Prefix></CommonPrefixes>
      <NextContinuationToken>more&amp;more</NextContinuationToken></ListBucketResult>
      """;

  private static S3Xml.Page page(byte[] bytes) throws IOException {
    return S3Xml.page(new ByteArrayInputStream(bytes), "a/");
  }

  @Test
  void readsPages() throws Exception {
    S3Xml.Page page = page(PAGE.getBytes(StandardCharsets.UTF_8));
    // The first key has a blank, which no blob's name has.
    assertEquals(List.of("p2"), page.blobs().stream().map(blob -> blob.id().value()).toList());
    assertEquals("more&more", page.next());
    String plain = PAGE.replace("<EncodingType>url</EncodingType>", "").replace("%2F", "/");
    assertEquals(
        "p1+%252B", page(plain.getBytes(StandardCharsets.UTF_8)).blobs().getFirst().id().value());
  }

  @Test
  void refusesEntitiesOfTheDocumentsOwn() {
    for (String type :
        List.of(
            "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>",
            "<!DOCTYPE x [<!ENTITY e \"eeeeeeeeee\">]>")) {
      String bad = type + "<ListBucketResult><Name>&e;</Name></ListBucketResult>";
      assertThrows(IOException.class, () -> page(bad.getBytes(StandardCharsets.UTF_8)), type);
      String error = type + "<Error><Code>&e;</Code></Error>";
      assertEquals("", S3Xml.failure(500, error.getBytes(StandardCharsets.UTF_8), "").code());
    }
  }

  @Test
  void refusesSizesAndTimesThatAreNone() {
    for (String bad :
        List.of(
            PAGE.replace(">0</Size>", ">-1</Size>"),
            PAGE.replace(">0</Size>", ">9223372036854775808</Size>"),
            PAGE.replace("10:11:12Z", "yesterday"),
            PAGE.replace("%2Fp2", "%2"),
            PAGE.replace("ListBucketResult", "html"))) {
      assertThrows(IOException.class, () -> page(bad.getBytes(StandardCharsets.UTF_8)), bad);
    }
  }

  @Test
  void showsNoControlCharactersOfAServer() {
    S3Failure failure =
        S3Xml.failure(
            400,
            ("<Error><Code>A\nB</Code><Message>" + "x\u009b".repeat(1000) + "</Message></Error>")
                .getBytes(StandardCharsets.UTF_8),
            "");
    assertEquals("A B", failure.code());
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.length() <= 301);
    assertTrue(message.chars().noneMatch(Character::isISOControl));
  }

  @Test
  void neverFailsOtherwise() {
    byte[] good = PAGE.getBytes(StandardCharsets.UTF_8);
    Seeds.check(
        300,
        random -> {
          byte[] bytes = good.clone();
          for (int i = random.nextInt(1, 6); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
          }
          bytes =
              random.nextInt(3) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
          try {
            page(bytes);
          } catch (IOException e) {
            assertTrue(e.getMessage() != null);
          }
          S3Xml.failure(400, bytes, "");
        });
  }
}
