package dev.longshore.cli.snapshot;

import dev.longshore.cli.Cli;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.output.SizeText;
import dev.longshore.engine.block.nbd.NbdServer;
import dev.longshore.engine.block.nbd.VolumeReader;
import dev.longshore.engine.block.restore.BlockVolume;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.snapshot.CancelToken;
import dev.longshore.format.json.GoJsonWriter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `nbd`: a volume of a snapshot as a network block device.
@Command(
    name = "nbd",
    description = {
      "Serve the volume in a snapshot to NBD clients, read-only, until interrupted.",
      "SOURCE is as for restore. The volume can be read at once: nothing is restored before. There"
          + " is no encryption and nobody is asked who he is, so that the default is this machine"
          + " alone."
    })
final class NbdCommand extends RepoCommand {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long POLL_MILLIS = 200;

  @Parameters(paramLabel = "SOURCE", description = "The volume.")
  String source = "";

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Where to listen; port 0 for any that is free (default: 127.0.0.1:10809).")
  String listen = "127.0.0.1:10809";

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      description = "Listen on a Unix socket instead, which only this user may use.")
  String socket = "";

  @Option(
      names = "--cache-size",
      paramLabel = "SIZE",
      description = "Contents kept in memory (default: 64MiB).")
  String cacheSize = "64MiB";

  @Option(names = "--json", negatable = true, description = "Print where it listens as JSON.")
  boolean json;

  NbdCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    long cacheBytes =
        SizeText.parse(cacheSize).orElseThrow(() -> usage("--cache-size: not a size"));
    SocketAddress address = address();
    var cancel = new CancelToken();
    try (Repository repository = cli.connection().open();
        var interrupts = new Interrupts(cli, cancel)) {
      BlockVolume volume = Volumes.find(cli, repository, source, Long.MAX_VALUE);
      Path folder = Path.of(System.getProperty("java.io.tmpdir"));
      try (VolumeReader reader = VolumeReader.open(repository, volume, folder, cacheBytes);
          NbdServer server = NbdServer.listen(address, reader, source, PATIENCE)) {
        tell(server.address(), volume);
        serve(server, cancel);
      }
      return interrupts.happened() ? ExitCode.INTERRUPTED : ExitCode.OK;
    }
  }

  private SocketAddress address() {
    if (!socket.isEmpty()) {
      return UnixDomainSocketAddress.of(Sources.local(cli, socket));
    }
    int colon = listen.lastIndexOf(':');
    String host = colon < 0 ? "" : listen.substring(0, colon);
    try {
      int port = Integer.parseInt(listen.substring(colon + 1));
      if (host.isEmpty() || port < 0 || port > 0xffff) {
        throw usage("--listen: not HOST:PORT: " + listen);
      }
      return new InetSocketAddress(host.replaceAll("^\\[(.*)]$", "$1"), port);
    } catch (NumberFormatException e) {
      throw usage("--listen: not HOST:PORT: " + listen);
    }
  }

  private void tell(SocketAddress address, BlockVolume volume) {
    String uri =
        switch (address) {
          case InetSocketAddress tcp -> {
            if (!tcp.getAddress().isLoopbackAddress()) {
              cli.notice("repo: warning: whoever reaches " + listen + " can read the volume");
            }
            String host = tcp.getAddress().getHostAddress();
            yield "nbd://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + tcp.getPort();
          }
          default -> "nbd+unix:///?socket=" + address;
        };
    if (json) {
      GoJsonWriter row = new GoJsonWriter();
      row.beginObject()
          .field("uri", uri)
          .field("size", volume.sizeBytes())
          .field("object", volume.objectId().toString())
          .endObject();
      cli.out().writeBytes(row.toByteArray());
      cli.out().println();
      cli.out().flush();
    }
    cli.notice(
        "Serving a volume of %s at %s; end with Ctrl-C."
            .formatted(cli.sizes().bytes(volume.sizeBytes()), uri));
  }

  /// Serves on another thread, and looks now and then whether somebody wants it to end.
  private static void serve(NbdServer server, CancelToken cancel) throws IOException {
    CompletableFuture<Void> end = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("nbd-accept")
        .start(() -> {
          try {
            server.run();
            end.complete(null);
          } catch (IOException e) {
            end.completeExceptionally(e);
          }
        });
    while (!cancel.isCancelled()) {
      try {
        end.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        // Nothing has happened.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while serving");
      } catch (ExecutionException e) {
        throw new IOException(e.getCause());
      }
    }
  }
}
