package dev.longshore.engine.blob.s3;

import dev.longshore.engine.blob.remote.BlobVersions.Version;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Reads what S3 says of versions.
final class S3VersionsXml {
  private S3VersionsXml() {}

  /// A page of a listing, the versions of each blob together and the newest first.
  ///
  /// @param nextKey with `nextVersion` asks for the next page; empty for the last
  record Page(List<Version> versions, String nextKey, String nextVersion) {}

  /// Tells whether a `VersioningConfiguration` says so, which some servers give another name.
  static boolean isVersioned(InputStream in) throws IOException {
    try {
      XMLStreamReader xml = S3Xml.reader(in);
      xml.nextTag();
      return "Enabled".equals(S3Xml.children(xml).get("Status"));
    } catch (XMLStreamException e) {
      throw S3Xml.malformed("versioning status", e);
    }
  }

  /// Reads a `ListVersionsResult`. Keys that are no blobs under the prefix are passed over.
  static Page page(InputStream in, String storePrefix) throws IOException {
    List<Version> versions = new ArrayList<>();
    Map<String, String> top = new HashMap<>();
    List<Map<String, String>> entries = new ArrayList<>();
    try {
      XMLStreamReader xml = S3Xml.reader(in);
      S3Xml.enter(xml, "ListVersionsResult");
      while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
        String name = xml.getLocalName();
        if (name.equals("Version") || name.equals("DeleteMarker")) {
          Map<String, String> fields = S3Xml.children(xml);
          fields.put("", name);
          entries.add(fields);
          if (entries.size() > S3Xml.MAX_ENTRIES) {
            throw new IOException("a page of more than " + S3Xml.MAX_ENTRIES + " versions");
          }
        } else {
          top.put(name, S3Xml.textOf(xml));
        }
      }
    } catch (XMLStreamException e) {
      throw S3Xml.malformed("listing", e);
    }
    boolean escaped = "url".equals(top.get("EncodingType"));
    for (Map<String, String> fields : entries) {
      String key = fields.getOrDefault("Key", "");
      key = escaped ? S3Xml.unescape(key) : key;
      String id = key.startsWith(storePrefix) ? key.substring(storePrefix.length()) : "";
      if (BlobId.isValid(id)) {
        versions.add(version(new BlobId(id), fields));
      }
    }
    // Some servers list the deletions behind all else.
    versions.sort(
        Comparator.comparing((Version version) -> version.blob().id().value())
            .thenComparing(Version::since, Comparator.reverseOrder()));
    if (!"true".equals(top.get("IsTruncated"))) {
      return new Page(versions, "", "");
    }
    String next = top.getOrDefault("NextKeyMarker", "");
    return new Page(
        versions,
        escaped ? S3Xml.unescape(next) : next,
        top.getOrDefault("NextVersionIdMarker", ""));
  }

  private static Version version(BlobId id, Map<String, String> fields) throws IOException {
    boolean deleted = fields.getOrDefault("", "").equals("DeleteMarker");
    String key = fields.getOrDefault("VersionId", "");
    try {
      long size = deleted ? 0 : Long.parseLong(fields.getOrDefault("Size", ""));
      Instant since = Instant.parse(fields.getOrDefault("LastModified", ""));
      if (size >= 0 && !key.isEmpty()) {
        // Cut to seconds, which is all that other lists tell.
        Instant shown = since.truncatedTo(ChronoUnit.SECONDS);
        return new Version(new BlobMetadata(id, size, shown), key, since, deleted);
      }
    } catch (NumberFormatException | DateTimeException e) {
      throw new IOException("a listing with a size or time that is none, of " + id, e);
    }
    throw new IOException("a listing with a version that is none, of " + id);
  }
}
