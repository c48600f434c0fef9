package dev.longshore.engine.block.nbd;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/// Gives a volume in a snapshot to NBD clients, read-only: `nbd-client`, `qemu-img`, `nbdcopy`.
///
/// There is no encryption and nobody is asked who he is: whoever reaches the address reads the
/// volume. Clients are bounded in number, in what they may ask for and in the time they may take to
/// begin; memory is a few MiB for each. Thread-safe.
public final class NbdServer implements AutoCloseable {
  /// Clients at once; a further one is left at once.
  public static final int MAX_CLIENTS = 16;

  private final ServerSocketChannel server;
  private final VolumeReader volume;
  private final String exportName;
  private final Duration patience;
  private final Map<SocketChannel, Thread> clients = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("nbd-timer").factory());
  private boolean closed;

  private NbdServer(
      ServerSocketChannel server, VolumeReader volume, String exportName, Duration patience) {
    this.server = server;
    this.volume = volume;
    this.exportName = exportName;
    this.patience = patience;
  }

  /// Listens; clients are served once [#run] is called.
  ///
  /// @param address of TCP, or a Unix socket, which only its owner may use and which is removed at
  ///   the end
  /// @param volume stays the caller's; to be closed after the server
  /// @param exportName clients may ask for it by this name or by none
  /// @param patience how long a client may take to agree upon what it wants
  /// @throws IOException if the address cannot be had
  public static NbdServer listen(
      SocketAddress address, VolumeReader volume, String exportName, Duration patience)
      throws IOException {
    boolean unix = address instanceof UnixDomainSocketAddress;
    ServerSocketChannel server =
        unix ? ServerSocketChannel.open(StandardProtocolFamily.UNIX) : ServerSocketChannel.open();
    try {
      server.bind(address);
      if (address instanceof UnixDomainSocketAddress socket) {
        Files.setPosixFilePermissions(
            socket.getPath(), PosixFilePermissions.fromString("rw-------"));
      }
      return new NbdServer(server, volume, exportName, patience);
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  /// Where it listens.
  public SocketAddress address() throws IOException {
    return server.getLocalAddress();
  }

  /// Serves clients until it is closed.
  ///
  /// @throws IOException if no more clients can come, for another reason
  public void run() throws IOException {
    while (true) {
      SocketChannel client;
      try {
        client = server.accept();
      } catch (ClosedChannelException e) {
        return;
      }
      admit(client);
    }
  }

  private synchronized void admit(SocketChannel client) {
    if (closed || clients.size() >= MAX_CLIENTS) {
      close(client);
      return;
    }
    Thread thread = Thread.ofPlatform().daemon().name("nbd-client").unstarted(() -> serve(client));
    clients.put(client, thread);
    thread.start();
  }

  private void serve(SocketChannel client) {
    try (client) {
      Wire wire = new Wire(client);
      Handshake.Agreement agreement = agree(wire, client);
      if (agreement.go()) {
        try (Session session = new Session(wire, volume, agreement)) {
          session.run();
        }
      }
    } catch (IOException e) {
      // It broke the protocol or the connection: either is its own affair.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      clients.remove(client);
    }
  }

  private Handshake.Agreement agree(Wire wire, SocketChannel client) throws IOException {
    ScheduledFuture<?> end =
        timer.schedule(() -> close(client), patience.toMillis(), TimeUnit.MILLISECONDS);
    try {
      return new Handshake(wire, exportName, volume.size()).run();
    } finally {
      end.cancel(false);
    }
  }

  private static void close(SocketChannel client) {
    try {
      client.close();
    } catch (IOException e) {
      // It is gone all the same.
    }
  }

  /// Leaves all clients, and waits until nobody reads the volume any more.
  @Override
  public void close() throws IOException {
    Map<SocketChannel, Thread> last;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      last = Map.copyOf(clients);
    }
    SocketAddress address = server.getLocalAddress();
    server.close();
    timer.shutdownNow();
    last.keySet().forEach(NbdServer::close);
    for (Thread thread : last.values()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    if (address instanceof UnixDomainSocketAddress socket) {
      Files.deleteIfExists(socket.getPath());
    }
  }
}
