package dev.longshore.engine.restore;

import dev.longshore.engine.object.ObjectReader;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.json.RawText;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;

/// One restore to an archive.
final class ArchiveRestore {
  private static final int BUFFER = 1 << 16;

  private final ObjectReader objects;
  private final RestoreTally tally;
  private final ArchiveExtras extras;

  ArchiveRestore(ObjectReader objects, RestoreOptions options, RestoreTally tally) {
    this.objects = objects;
    this.tally = tally;
    this.extras = new ArchiveExtras(objects, options, tally);
  }

  void run(DirEntry root, RestoreTarget.Tar target) throws IOException, InterruptedException {
    if (!target.gzip()) {
      run(root, new TarSink(objects, tally, extras, target.out()));
      return;
    }
    GZIPOutputStream gzip = new GZIPOutputStream(target.out(), BUFFER);
    run(root, new TarSink(objects, tally, extras, gzip));
    gzip.finish();
    target.out().flush();
  }

  void run(DirEntry root, RestoreTarget.Zip target) throws IOException, InterruptedException {
    run(root, new ZipSink(objects, tally, extras, target));
  }

  private void run(DirEntry root, ArchiveSink sink) throws IOException, InterruptedException {
    DirectoryNode node = DirectoryNode.root(root, false);
    switch (root.type()) {
      case DIRECTORY -> {
        tally.enqueuedDirectories.increment();
        tally.directories.increment();
        new TreeWalk(objects, sink, tally, TreeWalk.WINDOW).run(node, 1);
      }
      case FILE -> {
        tally.enqueuedFiles.increment();
        tally.enqueuedBytes.add(root.sizeBytes());
        try {
          sink.file(baseName(root), root);
        } catch (IOException e) {
          tally.failed("", e);
        }
      }
      case SYMLINK, UNKNOWN ->
          throw new RefusedException("only a directory or a file can become an archive");
    }
    sink.rethrow();
    sink.finish();
  }

  /// A root's name may be a whole path, as of a device or of standard input.
  private static String baseName(DirEntry file) {
    String name = RawText.display(file.name());
    String base = name.substring(name.lastIndexOf('/') + 1);
    return file.withName(base).isSafeName() ? base : "file";
  }
}
