package dev.longshore.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Ways to damage the repository of a test.
abstract class DamageCase extends CommandLineCase {
  /// Flips a bit in the middle of the content that holds all of a file.
  final Path damage(Created created, String file) throws IOException {
    String object = repo.run("ls", "-l", created.root() + Path.of("/" + file).getParent());
    Matcher id = Pattern.compile("(\\S+) +" + Path.of(file).getFileName()).matcher(object);
    assertTrue(id.find(), object);
    String row = repo.run("content", "list", "-l", "--prefix=" + id.group(1));
    Matcher place = Pattern.compile("([pq]\\S+) (\\d+)\\+(\\d+)").matcher(row);
    assertTrue(place.find(), row);
    Path pack = blob(place.group(1));
    long at = Long.parseLong(place.group(2)) + Long.parseLong(place.group(3)) / 2;
    Files.setPosixFilePermissions(
        pack, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    try (var bytes = new RandomAccessFile(pack.toFile(), "rw")) {
      bytes.seek(at);
      int old = bytes.read();
      bytes.seek(at);
      bytes.write(old ^ 0x10);
    }
    return pack;
  }

  /// The file of a blob: folders and file name together are its name.
  final Path blob(String name) throws IOException {
    try (Stream<Path> files = Files.walk(store())) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> store().relativize(file).toString().replace("/", "").equals(name + ".f"))
          .findFirst()
          .orElseThrow();
    }
  }
}
