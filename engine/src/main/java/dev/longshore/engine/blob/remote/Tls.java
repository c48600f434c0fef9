package dev.longshore.engine.blob.remote;

import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Which servers are trusted.
public final class Tls {
  private final SSLSocketFactory sockets;
  private final boolean verify;

  private Tls(SSLContext context, boolean verify) {
    this.sockets = new LingeringSockets(context.getSocketFactory());
    this.verify = verify;
  }

  /// Trust in whom the system trusts.
  public static Tls ofSystem() throws StoreException {
    try {
      return new Tls(SSLContext.getDefault(), true);
    } catch (GeneralSecurityException e) {
      throw new StoreException("TLS does not start: " + e.getMessage(), Retry.NEVER, e);
    }
  }

  /// Trust in these certificates and those they signed, and in no others.
  ///
  /// @param pem one or more certificates
  /// @throws StoreException if it holds none
  public static Tls trusting(String pem) throws StoreException {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int count = 0;
      var in = new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8));
      for (Certificate root : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("root" + count++, root);
      }
      if (count == 0) {
        throw new StoreException("the root CA holds no certificate in PEM", Retry.NEVER);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return new Tls(context(factory.getTrustManagers()), true);
    } catch (GeneralSecurityException | IOException e) {
      if (e instanceof StoreException known) {
        throw known;
      }
      throw new StoreException("the root CA cannot be read: " + e.getMessage(), Retry.NEVER, e);
    }
  }

  /// Trust in anybody: for tests and for servers that are known by other means.
  public static Tls insecure() throws StoreException {
    try {
      return new Tls(context(new TrustManager[] {new TrustsAnybody()}), false);
    } catch (GeneralSecurityException e) {
      throw new StoreException("TLS does not start: " + e.getMessage(), Retry.NEVER, e);
    }
  }

  private static SSLContext context(TrustManager[] trust) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust, null);
    return context;
  }

  void applyTo(HttpsURLConnection connection) {
    connection.setSSLSocketFactory(sockets);
    if (!verify) {
      connection.setHostnameVerifier((host, session) -> true);
    }
  }

  /// Sockets that can be closed while somebody writes to them: without a limit on lingering, the
  /// JDK's wait for the writer to end before they say goodbye.
  private static final class LingeringSockets extends SSLSocketFactory {
    private static final int SECONDS = 1;

    private final SSLSocketFactory inner;

    LingeringSockets(SSLSocketFactory inner) {
      this.inner = inner;
    }

    private static Socket lingering(Socket socket) throws IOException {
      socket.setSoLinger(true, SECONDS);
      return socket;
    }

    @Override
    public String[] getDefaultCipherSuites() {
      return inner.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
      return inner.getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket() throws IOException {
      return lingering(inner.createSocket());
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
        throws IOException {
      return lingering(inner.createSocket(socket, host, port, autoClose));
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return lingering(inner.createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
        throws IOException {
      return lingering(inner.createSocket(host, port, localHost, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      return lingering(inner.createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress local, int localPort)
        throws IOException {
      return lingering(inner.createSocket(address, port, local, localPort));
    }
  }

  /// Accepts every certificate. The extended form, as the JDK checks names behind the plain one's
  /// back.
  private static final class TrustsAnybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket) {}

    @Override
    public void checkClientTrusted(
        X509Certificate[] chain, String type, @Nullable SSLEngine engine) {}

    @Override
    public void checkServerTrusted(
        X509Certificate[] chain, String type, @Nullable SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
