import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/// Copies the classes of this JDK's Vector API into a jar for the boot class path.
///
/// A JVM that resolves an incubating module can take neither its own modules nor linked classes nor
/// recorded profiles out of an archive, which is a third of the CPU time of a small backup; and it
/// says so on standard error each time. The same classes on the boot class path have no such price.
/// Argument: the jar.
class VectorClasses {
  public static void main(String[] args) throws IOException {
    Path module =
        FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules/jdk.incubator.vector");
    List<Path> classes;
    try (Stream<Path> files = Files.walk(module)) {
      classes =
          files
              .filter(Files::isRegularFile)
              .filter(file -> !file.endsWith("module-info.class"))
              .sorted()
              .toList();
    }
    try (OutputStream file = Files.newOutputStream(Path.of(args[0]));
        var jar = new JarOutputStream(file)) {
      for (Path path : classes) {
        add(jar, module.relativize(path).toString(), Files.readAllBytes(path));
      }
    }
  }

  /// Stored, not compressed: the JVM reads it at each start.
  private static void add(JarOutputStream jar, String name, byte[] bytes) throws IOException {
    var checksum = new CRC32();
    checksum.update(bytes);
    var entry = new JarEntry(name);
    entry.setMethod(JarEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCrc(checksum.getValue());
    jar.putNextEntry(entry);
    jar.write(bytes);
    jar.closeEntry();
  }
}
