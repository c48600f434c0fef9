package dev.longshore.engine.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A certificate that vouches for itself, and its key.
public final class SelfSigned {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final String ALIAS = "test";

  private final Path folder;
  private final KeyStore store;

  private SelfSigned(Path folder, KeyStore store) {
    this.folder = folder;
    this.store = store;
  }

  /// Makes one with the JDK's tool.
  ///
  /// @param folder for its files
  /// @param names as the tool's extension `san` has them: `ip:127.0.0.1,dns:localhost`
  public static SelfSigned make(Path folder, String names)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path keys = folder.resolve("keys");
    keytool(keys, "-genkeypair", "-keyalg", "RSA", "-dname", "CN=test", "-ext", "san=" + names);
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      store.load(in, PASSWORD);
    }
    var made = new SelfSigned(folder, store);
    Files.writeString(
        made.certificate(), pem("CERTIFICATE", store.getCertificate(ALIAS).getEncoded()));
    Files.writeString(made.key(), pem("PRIVATE KEY", store.getKey(ALIAS, PASSWORD).getEncoded()));
    return made;
  }

  private static void keytool(Path keys, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(
        List.of(
            "-alias",
            ALIAS,
            "-storetype",
            "PKCS12",
            "-storepass",
            new String(PASSWORD),
            "-keystore",
            keys.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(said);
    }
  }

  private static String pem(String kind, byte[] bytes) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, text, kind);
  }

  /// The certificate's file, PEM.
  public Path certificate() {
    return folder.resolve("certificate.pem");
  }

  /// The key's file, PEM.
  public Path key() {
    return folder.resolve("key.pem");
  }

  /// A context whose servers show the certificate and whose clients trust it, and no other.
  public SSLContext context() throws GeneralSecurityException {
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, PASSWORD);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    try {
      trusted.load(null, null);
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
    trusted.setCertificateEntry(ALIAS, store.getCertificate(ALIAS));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
