package dev.longshore.engine.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A proxy that leads every `CONNECT`, whatever the name, to one server on this machine: so that
/// programs reach it under a name that no name server knows.
public final class Tunnel implements AutoCloseable {
  private final ServerSocket entry;
  private final int exit;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /// @param exit the server's port
  public Tunnel(int exit) throws IOException {
    this.entry = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    this.exit = exit;
    threads.execute(this::accept);
  }

  /// The proxy's own port.
  public int port() {
    return entry.getLocalPort();
  }

  private void accept() {
    while (true) {
      try {
        Socket socket = entry.accept();
        threads.execute(() -> lead(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void lead(Socket client) {
    try (client;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), exit)) {
      InputStream in = client.getInputStream();
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int next = in.read();
        if (next < 0) {
          return;
        }
        head.append((char) next);
      }
      OutputStream out = client.getOutputStream();
      out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      threads.execute(() -> copy(server, client));
      in.transferTo(server.getOutputStream());
    } catch (IOException e) {
      return; // either side has gone
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.close();
    } catch (IOException e) {
      return; // either side has gone
    }
  }

  @Override
  public void close() throws IOException {
    entry.close();
    threads.shutdownNow();
  }
}
