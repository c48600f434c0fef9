package dev.longshore.kube;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A server that says what a test wants, whatever is asked.
final class RawServer implements AutoCloseable {
  private final ServerSocket socket;
  private final Script script;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /// What is said on each connection after the head of a request.
  @FunctionalInterface
  interface Script {
    void say(OutputStream out) throws Exception;
  }

  RawServer(Script script) throws IOException {
    this.script = script;
    socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /// Says a text and hangs up.
  static RawServer saying(String text) throws IOException {
    return new RawServer(out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort());
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        open.add(connection);
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
      String line = in.readLine();
      while (line != null && !line.isEmpty()) {
        line = in.readLine();
      }
      OutputStream out = connection.getOutputStream();
      script.say(out);
      out.flush();
      connection.shutdownOutput();
    } catch (Exception e) {
      // the client has had enough
    }
    open.remove(connection);
  }

  @Override
  public void close() throws IOException {
    socket.close();
    for (Socket connection : open) {
      connection.close();
    }
  }
}
