package dev.longshore.cbt;

import dev.longshore.engine.testkit.SelfSigned;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.TlsServerCredentials;
import io.grpc.okhttp.OkHttpServerBuilder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// A CSI SnapshotMetadata service over TLS on the loopback. Knows protobuf's encoding by itself,
/// not by what it tests.
public final class MetadataServer implements AutoCloseable {
  private static final String NAME = "snapshotmetadata.SnapshotMetadata";

  private final MetadataResponder service;
  private final SelfSigned identity;
  private final Server server;

  public MetadataServer(SelfSigned identity, MetadataResponder service) throws IOException {
    this.service = service;
    this.identity = identity;
    MethodDescriptor<byte[], byte[]> allocated = method("GetMetadataAllocated");
    MethodDescriptor<byte[], byte[]> delta = method("GetMetadataDelta");
    server =
        OkHttpServerBuilder.forPort(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                TlsServerCredentials.create(
                    identity.certificate().toFile(), identity.key().toFile()))
            .addService(
                ServerServiceDefinition.builder(NAME)
                    .addMethod(allocated, (call, _) -> new Answering(call, false))
                    .addMethod(
                        delta,
                        (ServerCallHandler<byte[], byte[]>) (call, _) -> new Answering(call, true))
                    .build())
            .build()
            .start();
  }

  /// Where it is.
  public MetadataService address(String audience) throws IOException {
    return new MetadataService(
        "localhost:" + server.getPort(), audience, Files.readString(identity.certificate()));
  }

  public int port() {
    return server.getPort();
  }

  private static MethodDescriptor<byte[], byte[]> method(String name) {
    MethodDescriptor.Marshaller<byte[]> bytes =
        new MethodDescriptor.Marshaller<>() {
          @Override
          public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
          }

          @Override
          public byte[] parse(InputStream stream) {
            try {
              return stream.readAllBytes();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
        .setFullMethodName(NAME + "/" + name)
        .setRequestMarshaller(bytes)
        .setResponseMarshaller(bytes)
        .build();
  }

  private final class Answering extends ServerCall.Listener<byte[]> {
    private final ServerCall<byte[], byte[]> call;
    private final boolean delta;

    Answering(ServerCall<byte[], byte[]> call, boolean delta) {
      this.call = call;
      this.delta = delta;
      call.request(1);
    }

    @Override
    public void onMessage(byte[] message) {
      MetadataAnswer answer = service.answer(asked(message, delta));
      call.sendHeaders(new Metadata());
      for (MetadataMessage one : answer.messages()) {
        call.sendMessage(encode(one));
      }
      Status status = Status.fromCode(Status.Code.valueOf(answer.code()));
      call.close(status.withDescription(answer.words()), new Metadata());
    }
  }

  static MetadataResponder.Asked asked(byte[] message, boolean delta) {
    Map<Integer, String> texts = new TreeMap<>();
    long offset = 0;
    int[] at = new int[1];
    while (at[0] < message.length) {
      long tag = varint(message, at);
      int field = (int) (tag >> 3);
      if ((tag & 7) == 2) {
        int length = (int) varint(message, at);
        texts.put(field, new String(message, at[0], length, StandardCharsets.UTF_8));
        at[0] += length;
      } else if ((tag & 7) == 0) {
        long number = varint(message, at);
        offset = field == (delta ? 5 : 4) ? number : offset;
      } else {
        throw new IllegalArgumentException("tag " + tag);
      }
    }
    String namespace = texts.getOrDefault(2, "");
    String third = texts.getOrDefault(3, "");
    MetadataQuery query =
        delta
            ? new MetadataQuery.Delta(namespace, third, texts.getOrDefault(4, ""))
            : new MetadataQuery.Allocated(namespace, third);
    return new MetadataResponder.Asked(query, texts.getOrDefault(1, ""), offset);
  }

  private static long varint(byte[] bytes, int[] at) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = bytes[at[0]++];
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  static byte[] encode(MetadataMessage message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    number(out, 1, message.type());
    number(out, 2, message.capacityBytes());
    for (Extent extent : message.extents()) {
      ByteArrayOutputStream inner = new ByteArrayOutputStream();
      number(inner, 1, extent.offset());
      number(inner, 2, extent.length());
      out.write(3 << 3 | 2);
      put(out, inner.size());
      out.writeBytes(inner.toByteArray());
    }
    return out.toByteArray();
  }

  private static void number(ByteArrayOutputStream out, int field, long value) {
    if (value != 0) {
      out.write(field << 3);
      put(out, value);
    }
  }

  private static void put(ByteArrayOutputStream out, long value) {
    for (long rest = value; ; rest >>>= 7) {
      if (rest >>> 7 == 0) {
        out.write((int) rest);
        return;
      }
      out.write((int) (rest & 0x7f) | 0x80);
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
    try {
      var _ = server.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
