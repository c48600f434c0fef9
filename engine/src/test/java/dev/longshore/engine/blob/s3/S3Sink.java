package dev.longshore.engine.blob.s3;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A server for [S3Bench] that forgets what is put and gives out zeros: as little work as a server
/// can have. Argument: a port of the loopback interface.
final class S3Sink {
  private static final byte[] ZEROS = new byte[256 << 10];

  private S3Sink() {}

  public static void main(String[] arguments) throws IOException {
    try (ServerSocket server = new ServerSocket(Integer.parseInt(arguments[0]))) {
      while (true) {
        Socket client = server.accept();
        Thread.ofPlatform().daemon().start(() -> serve(client));
      }
    }
  }

  private static void serve(Socket client) {
    try (client) {
      InputStream in = new BufferedInputStream(client.getInputStream(), ZEROS.length);
      OutputStream out = client.getOutputStream();
      byte[] buffer = new byte[ZEROS.length];
      for (String request = line(in); !request.isEmpty(); request = line(in)) {
        long length = 0;
        long wanted = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
          String lower = header.toLowerCase(Locale.ROOT);
          if (lower.startsWith("content-length:")) {
            length = Long.parseLong(lower.substring(15).strip());
          } else if (lower.startsWith("range: bytes=")) {
            String[] ends = lower.substring(13).split("-", 2);
            wanted = Long.parseLong(ends[1]) - Long.parseLong(ends[0]) + 1;
          }
        }
        while (length > 0) {
          int n = in.read(buffer, 0, (int) Math.min(buffer.length, length));
          if (n < 0) {
            return;
          }
          length -= n;
        }
        answer(out, request, wanted);
      }
    } catch (IOException e) {
      // The client has gone.
    }
  }

  private static void answer(OutputStream out, String request, long wanted) throws IOException {
    boolean ranged = wanted > 0;
    boolean missing = request.contains(".storageconfig");
    String status = missing ? "404 Not Found" : ranged ? "206 Partial Content" : "200 OK";
    String headers =
        "HTTP/1.1 "
            + status
            + "\r\nContent-Length: "
            + wanted
            + (ranged ? "\r\nContent-Range: bytes 0-" + (wanted - 1) + "/" + (1L << 40) : "")
            + "\r\nETag: \"e\"\r\nLast-Modified: Sat, 21 Nov 2026 00:00:00 GMT\r\n\r\n";
    out.write(headers.getBytes(StandardCharsets.US_ASCII));
    for (long left = wanted; left > 0; left -= ZEROS.length) {
      out.write(ZEROS, 0, (int) Math.min(ZEROS.length, left));
    }
    out.flush();
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
