package dev.longshore.cbt;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import io.grpc.okhttp.OkHttpChannelBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The calls by gRPC over TLS. Trusts the service's own authority and no other; the certificate
/// must be for the host of its address. One message is on its way at a time.
public final class GrpcCalls implements MetadataCalls {
  private static final String SERVICE = "snapshotmetadata.SnapshotMetadata";
  private static final int MAX_MESSAGE_BYTES = 16 << 20;
  private static final Duration LOOK_AT_CANCEL = Duration.ofMillis(200);
  private static final int MAX_CAUSES = 8;

  /// Characters of what a service says that are kept: it goes into a status.
  private static final int MAX_WORDS = 300;

  private static final MethodDescriptor.Marshaller<byte[]> BYTES = new Bytes();
  private static final MethodDescriptor<byte[], byte[]> ALLOCATED = method("GetMetadataAllocated");
  private static final MethodDescriptor<byte[], byte[]> DELTA = method("GetMetadataDelta");

  private final ManagedChannel channel;
  private final Duration silence;
  private final BooleanSupplier cancelled;

  private GrpcCalls(ManagedChannel channel, Duration silence, BooleanSupplier cancelled) {
    this.channel = channel;
    this.silence = silence;
    this.cancelled = cancelled;
  }

  /// Prepares calls; nothing is sent yet.
  ///
  /// @param silence a service that says nothing for so long has gone
  /// @param cancelled asked while waiting
  /// @throws MetadataException if the service's certificate is none
  public static GrpcCalls to(MetadataService service, Duration silence, BooleanSupplier cancelled)
      throws MetadataException {
    byte[] roots = service.caCertificate().getBytes(StandardCharsets.UTF_8);
    try {
      TlsChannelCredentials.Builder trust =
          TlsChannelCredentials.newBuilder().trustManager(new ByteArrayInputStream(roots));
      ManagedChannel channel =
          OkHttpChannelBuilder.forAddress(service.host(), service.port(), trust.build())
              .maxInboundMessageSize(MAX_MESSAGE_BYTES)
              .disableRetry()
              .disableServiceConfigLookUp()
              .proxyDetector(_ -> null)
              .build();
      return new GrpcCalls(channel, silence, cancelled);
    } catch (IOException | IllegalArgumentException e) {
      throw MetadataException.invalid("the service's certificate: " + e.getMessage());
    }
  }

  private static MethodDescriptor<byte[], byte[]> method(String name) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
        .setRequestMarshaller(BYTES)
        .setResponseMarshaller(BYTES)
        .build();
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream in) {
      try {
        return in.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public MetadataStream open(MetadataQuery query, String token, long startingOffset) {
    MethodDescriptor<byte[], byte[]> method =
        switch (query) {
          case MetadataQuery.Allocated _ -> ALLOCATED;
          case MetadataQuery.Delta _ -> DELTA;
        };
    Stream stream = new Stream(channel.newCall(method, CallOptions.DEFAULT));
    stream.start(MetadataWire.request(query, token, startingOffset));
    return stream;
  }

  /// What came of a call.
  private sealed interface Arrival {
    record Message(ByteBuffer bytes) implements Arrival {}

    record End(Status status) implements Arrival {}
  }

  private final class Stream extends ClientCall.Listener<byte[]> implements MetadataStream {
    private final ClientCall<byte[], byte[]> call;
    private final BlockingQueue<Arrival> arrived = new LinkedBlockingQueue<>();

    Stream(ClientCall<byte[], byte[]> call) {
      this.call = call;
    }

    void start(byte[] request) {
      call.start(this, new Metadata());
      call.sendMessage(request);
      call.halfClose();
      call.request(1);
    }

    @Override
    public void onMessage(byte[] message) {
      arrived.add(new Arrival.Message(ByteBuffer.wrap(message)));
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      arrived.add(new Arrival.End(status));
    }

    @Override
    public @Nullable MetadataMessage next() throws MetadataException, InterruptedException {
      return switch (arrival()) {
        case Arrival.Message(ByteBuffer bytes) -> {
          MetadataMessage message = MetadataWire.answer(bytes);
          call.request(1);
          yield message;
        }
        case Arrival.End(Status status) when status.isOk() -> null;
        case Arrival.End(Status status) -> throw failure(status);
      };
    }

    private Arrival arrival() throws MetadataException, InterruptedException {
      long millis = LOOK_AT_CANCEL.toMillis();
      for (long waited = 0; waited < silence.toMillis(); waited += millis) {
        Arrival next = arrived.poll(millis, TimeUnit.MILLISECONDS);
        if (next != null) {
          return next;
        }
        if (cancelled.getAsBoolean()) {
          throw new MetadataException(Status.Code.CANCELLED.name(), "canceled");
        }
      }
      throw new MetadataException(
          Status.Code.DEADLINE_EXCEEDED.name(), "the service was silent for " + silence);
    }

    @Override
    public void close() {
      call.cancel("no longer needed", null);
    }
  }

  private static MetadataException failure(Status status) {
    StringBuilder words = new StringBuilder();
    if (status.getDescription() != null) {
      words.append(status.getDescription());
    }
    Throwable cause = status.getCause();
    for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
      String said = cause.getMessage();
      if (said != null && words.indexOf(said) < 0) {
        words.append(words.isEmpty() ? "" : ": ").append(said);
      }
      cause = cause.getCause();
    }
    String told = words.toString().replaceAll("\\p{Cntrl}+", " ");
    return new MetadataException(
        status.getCode().name(), told.substring(0, Math.min(told.length(), MAX_WORDS)));
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
