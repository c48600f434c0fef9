package dev.longshore.kube;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Whom a client trusts, and the certificate it shows.
///
/// @param authorities PEM; empty for those of the system
/// @param certificate PEM, with those between it and its authority; empty for none
/// @param key PEM
/// @param serverName whom the server's certificate must be for, in place of its address; empty: the
///   address
/// @param verify false: trusts anybody
record KubeTls(
    String authorities, String certificate, String key, String serverName, boolean verify) {
  private static final int DNS_NAME = 2;
  private static final char[] NO_PASSWORD = new char[0];

  /// @throws IOException if a certificate or the key cannot be read
  SSLContext context() throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(), trust(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  private KeyManager @Nullable [] keys() throws GeneralSecurityException, IOException {
    if (certificate.isEmpty()) {
      return null;
    }
    Certificate[] chain =
        certificates(certificate, "client certificate").toArray(new Certificate[0]);
    KeyStore store = empty();
    store.setKeyEntry("client", PemKey.parse(key), NO_PASSWORD, chain);
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private TrustManager @Nullable [] trust() throws GeneralSecurityException, IOException {
    if (!verify) {
      return new TrustManager[] {new Named(null, "")};
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(authorities.isEmpty() ? null : trusted());
    if (serverName.isEmpty()) {
      return factory.getTrustManagers();
    }
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager inner) {
        return new TrustManager[] {new Named(inner, serverName)};
      }
    }
    throw new GeneralSecurityException("no trust manager");
  }

  private KeyStore trusted() throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    int count = 0;
    for (Certificate authority : certificates(authorities, "certificate authority")) {
      store.setCertificateEntry("ca" + count++, authority);
    }
    return store;
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static Collection<? extends Certificate> certificates(String pem, String what)
      throws IOException {
    try {
      var in = new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8));
      var found = CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (found.isEmpty()) {
        throw new IOException("the " + what + " holds no certificate in PEM");
      }
      return found;
    } catch (GeneralSecurityException e) {
      throw new IOException("the " + what + " cannot be read: " + e.getMessage(), e);
    }
  }

  /// Checks that servers have a name, whatever their address; or checks nothing. The extended form,
  /// as the JDK compares addresses behind the plain one's back.
  private static final class Named extends X509ExtendedTrustManager {
    private final @Nullable X509TrustManager inner;
    private final String name;

    Named(@Nullable X509TrustManager inner, String name) {
      this.inner = inner;
      this.name = name.toLowerCase(Locale.ROOT);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      if (inner == null) {
        return;
      }
      inner.checkServerTrusted(chain, type);
      Collection<List<?>> names = chain[0].getSubjectAlternativeNames();
      if (names != null) {
        for (List<?> one : names) {
          if (one.get(0).equals(DNS_NAME) && matches((String) one.get(1))) {
            return;
          }
        }
      }
      throw new CertificateException("the server's certificate is not for " + name);
    }

    /// A star stands for the first label.
    private boolean matches(String pattern) {
      String lower = pattern.toLowerCase(Locale.ROOT);
      int dot = name.indexOf('.');
      return lower.equals(name)
          || (lower.startsWith("*.") && dot > 0 && lower.substring(1).equals(name.substring(dot)));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
        throws CertificateException {
      checkServerTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
        throws CertificateException {
      checkServerTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("this is a client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
        throws CertificateException {
      checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
        throws CertificateException {
      checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return inner == null ? new X509Certificate[0] : inner.getAcceptedIssuers();
    }
  }
}
