package dev.longshore.engine.blob.s3;

import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Reads the documents that S3 answers with.
final class S3Xml {
  /// More than any server puts in one page.
  static final int MAX_ENTRIES = 100_000;

  private static final int MAX_TEXT_CHARS = 4096;

  private S3Xml() {}

  /// A page of a listing.
  ///
  /// @param next asks for the next page; empty for the last
  record Page(List<BlobMetadata> blobs, String next) {}

  private record Entry(String key, String size, String modified) {}

  static XMLStreamReader reader(InputStream in) throws XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    // Through a reader, as the JDK's own decoder prints what it does not like to standard error.
    return factory.createXMLStreamReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  /// Reads a `ListBucketResult`. Keys that are no blobs under the prefix are passed over.
  ///
  /// Times are cut to seconds, which is all that `HEAD` tells.
  static Page page(InputStream in, String storePrefix) throws IOException {
    List<Entry> entries = new ArrayList<>();
    Map<String, String> top = new HashMap<>();
    try {
      XMLStreamReader xml = reader(in);
      enter(xml, "ListBucketResult");
      while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
        String name = xml.getLocalName();
        if (name.equals("Contents")) {
          if (entries.size() >= MAX_ENTRIES) {
            throw new IOException("a page of more than " + MAX_ENTRIES + " objects");
          }
          Map<String, String> fields = children(xml);
          entries.add(
              new Entry(
                  fields.getOrDefault("Key", ""),
                  fields.getOrDefault("Size", ""),
                  fields.getOrDefault("LastModified", "")));
        } else {
          top.put(name, textOf(xml));
        }
      }
    } catch (XMLStreamException e) {
      throw malformed("listing", e);
    }
    boolean escaped = "url".equals(top.get("EncodingType"));
    List<BlobMetadata> blobs = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      String key = escaped ? unescape(entry.key) : entry.key;
      String id = key.startsWith(storePrefix) ? key.substring(storePrefix.length()) : "";
      if (BlobId.isValid(id)) {
        blobs.add(metadata(new BlobId(id), entry));
      }
    }
    boolean more = "true".equals(top.get("IsTruncated"));
    return new Page(blobs, more ? top.getOrDefault("NextContinuationToken", "") : "");
  }

  private static BlobMetadata metadata(BlobId id, Entry entry) throws IOException {
    try {
      long size = Long.parseLong(entry.size);
      Instant modified = Instant.parse(entry.modified).truncatedTo(ChronoUnit.SECONDS);
      if (size >= 0) {
        return new BlobMetadata(id, size, modified);
      }
    } catch (NumberFormatException | DateTimeException e) {
      throw new IOException("a listing with a size or time that is none, of " + id, e);
    }
    throw new IOException("a listing with a negative size, of " + id);
  }

  static String unescape(String key) throws IOException {
    try {
      return URLDecoder.decode(key, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IOException("a listing with a key that is not escaped as it says", e);
    }
  }

  /// Reads an `Error`.
  ///
  /// @param regionHeader what a header says of the bucket's region; empty for nothing
  static S3Failure failure(int status, byte[] body, String regionHeader) {
    Map<String, String> fields = Map.of();
    if (body.length > 0) {
      try {
        XMLStreamReader xml = reader(new ByteArrayInputStream(body));
        enter(xml, "Error");
        fields = children(xml);
      } catch (XMLStreamException | IOException e) {
        fields = Map.of(); // not S3's words: the status has to do
      }
    }
    return new S3Failure(
        status,
        visible(fields.getOrDefault("Code", "")),
        visible(fields.getOrDefault("Message", "")),
        regionHeader.isEmpty() ? visible(fields.getOrDefault("Region", "")) : regionHeader);
  }

  static void enter(XMLStreamReader xml, String root) throws XMLStreamException, IOException {
    xml.nextTag();
    if (!xml.getLocalName().equals(root)) {
      throw new IOException("expected " + root + ", found another document");
    }
  }

  /// The texts of the children of the current element, by name; leaves it.
  static Map<String, String> children(XMLStreamReader xml) throws XMLStreamException, IOException {
    Map<String, String> found = new HashMap<>();
    while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
      found.putIfAbsent(xml.getLocalName(), textOf(xml));
    }
    return found;
  }

  /// The text of an element without the elements in it; leaves it.
  static String textOf(XMLStreamReader xml) throws XMLStreamException {
    StringBuilder text = new StringBuilder();
    for (int depth = 1; depth > 0; ) {
      switch (xml.next()) {
        case XMLStreamConstants.START_ELEMENT -> depth++;
        case XMLStreamConstants.END_ELEMENT -> depth--;
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
          if (depth == 1 && text.length() < MAX_TEXT_CHARS) {
            text.append(xml.getText());
          }
        }
        default -> {}
      }
    }
    return text.toString();
  }

  private static String visible(String text) {
    String cut = text.length() > 300 ? text.substring(0, 300) + "…" : text;
    return cut.replaceAll("[\\p{Cc}\\p{Cf}]+", " ").strip();
  }

  static IOException malformed(String what, XMLStreamException e) {
    // A connection that breaks is not the document's fault.
    return e.getNestedException() instanceof IOException io
        ? io
        : new IOException("a " + what + " that is not S3's XML", e);
  }
}
