package dev.longshore.bench.compare;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/// 56,000 files of about 2.5 GB in 2,800 folders up to three deep. Sizes are log-normal (median 6
/// KB); four tenths of the files are like text, four tenths incompressible, and a fifth are copies
/// of others.
final class FileTree {
  private static final int FILES_AT_FULL_SCALE = 56_000;
  private static final int FILES_PER_FOLDER = 20;
  private static final double MEDIAN_BYTES = 6000;
  private static final double SIGMA = 2.0;
  private static final int LARGEST_BYTES = 32 << 20;

  private final Path folder;
  private final int files;
  private long bytes;

  FileTree(Path folder, double scale) {
    this.folder = folder;
    files = Math.max(100, (int) Math.round(FILES_AT_FULL_SCALE * scale));
  }

  /// What the tables call it.
  String describe() {
    return "%,d files of %.2f GB".formatted(files, bytes / 1e9);
  }

  void write() throws IOException {
    Filler filler = new Filler(1848);
    byte[] content = new byte[LARGEST_BYTES];
    int length = 0;
    for (int n = 0; n < files; n++) {
      int kind = n % 5;
      // Every fifth file is a copy of the one before it.
      if (kind != 4) {
        length = size(filler.random());
        if (kind % 2 == 0) {
          filler.fillText(content, length);
        } else {
          filler.fillRandom(content, length);
        }
      }
      Path file = folderOf(n / FILES_PER_FOLDER).resolve("file-%06d".formatted(n));
      Files.createDirectories(file.getParent());
      try (OutputStream out = Files.newOutputStream(file)) {
        out.write(content, 0, length);
      }
      bytes += length;
    }
  }

  private Path folderOf(int number) {
    return folder
        .resolve("a%02d".formatted(number % 14))
        .resolve("b%02d".formatted(number / 14 % 15))
        .resolve("c%03d".formatted(number / 14 / 15));
  }

  private static int size(SplittableRandom random) {
    double size = MEDIAN_BYTES * Math.exp(SIGMA * random.nextGaussian());
    return (int) Math.min(LARGEST_BYTES, Math.max(1, size));
  }
}
