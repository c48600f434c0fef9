package dev.longshore.engine.blob.s3;

import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where requests for a bucket go.
///
/// The bucket's name is part of the host's with Amazon, Google and Alibaba, as they want it, and
/// part of the path with everybody else, whose certificates and name servers know one name only.
///
/// @param host without a port
/// @param port -1 for the usual one
record S3Target(boolean tls, String host, int port, String bucket) {
  private static final Pattern AMAZON = Pattern.compile("(.+\\.)?amazonaws\\.com(\\.cn)?");
  private static final Pattern REGION_IN_HOST =
      Pattern.compile(
          "s3[.-](?:fips[.-])?(?:dualstack\\.)?([a-z]+(?:-[a-z]+)+-\\d)\\.amazonaws\\.com(\\.cn)?");
  private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,254}");
  private static final String GLOBAL = "s3.amazonaws.com";

  /// Where an unsigned region is signed for.
  static final String DEFAULT_REGION = "us-east-1";

  static S3Target of(S3Options options) throws StoreException {
    if (!BUCKET.matcher(options.bucket()).matches()) {
      throw new StoreException("the s3 store has no bucket with a valid name", Retry.NEVER);
    }
    S3Options.Endpoint endpoint = options.endpoint();
    boolean tls = !endpoint.disableTls();
    try {
      URI uri = new URI((tls ? "https" : "http") + "://" + endpoint.host());
      if (uri.getHost() != null
          && uri.getRawPath().isEmpty()
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null
          && uri.getRawUserInfo() == null) {
        return new S3Target(
            tls, uri.getHost().toLowerCase(Locale.ROOT), uri.getPort(), options.bucket());
      }
    } catch (URISyntaxException e) {
      // Reported below: the exception quotes what may be anything.
    }
    throw new StoreException(
        "the s3 endpoint must be a host or host:port, without a scheme (TLS is turned off by a"
            + " setting of its own) and without a path",
        Retry.NEVER);
  }

  /// The region that the host's name gives away.
  Optional<String> regionInHost() {
    Matcher matcher = REGION_IN_HOST.matcher(host);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /// The place for a region: Amazon has a host for each.
  S3Target in(String region) {
    boolean moves = host.equals(GLOBAL) && !region.equals(DEFAULT_REGION);
    return moves ? new S3Target(tls, "s3." + region + ".amazonaws.com", port, bucket) : this;
  }

  private boolean bucketInHost() {
    boolean wanted =
        AMAZON.matcher(host).matches()
            || host.equals("storage.googleapis.com")
            || host.endsWith(".aliyuncs.com");
    // A certificate for *.host is none for a.b.host, and names of hosts have no capitals.
    return wanted && bucket.matches(tls ? "[a-z0-9-]+" : "[a-z0-9.-]+");
  }

  /// The host that requests name, without a port.
  String requestHost() {
    return bucketInHost() ? bucket + "." + host : host;
  }

  /// The path of an object, escaped; of the bucket itself for an empty key.
  String path(String key) {
    return (bucketInHost() ? "/" : "/" + bucket + (key.isEmpty() ? "" : "/")) + escape(key, true);
  }

  /// The address of a request.
  URI uri(String path, SortedMap<String, String> query) {
    StringBuilder text = new StringBuilder(tls ? "https://" : "http://").append(requestHost());
    if (port >= 0) {
      text.append(':').append(port);
    }
    text.append(path);
    char separator = '?';
    for (Map.Entry<String, String> parameter : query.entrySet()) {
      text.append(separator)
          .append(escape(parameter.getKey(), false))
          .append('=')
          .append(escape(parameter.getValue(), false));
      separator = '&';
    }
    return URI.create(text.toString());
  }

  /// Escapes all but what signatures leave as it is.
  static String escape(String text, boolean keepSlash) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '_'
              || c == '.'
              || c == '~'
              || (c == '/' && keepSlash);
      if (plain) {
        escaped.append(c);
      } else {
        escaped.append('%').append("%02X".formatted((int) c));
      }
    }
    return escaped.toString();
  }
}
