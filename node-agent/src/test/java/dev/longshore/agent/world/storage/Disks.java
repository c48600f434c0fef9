package dev.longshore.agent.world.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The storage behind volumes: disks, and snapshots of them. A disk is a directory `mount` or a
/// sparse file `image` in a folder of its own, or, if files do not matter, only an entry.
///
/// Every disk, and every path in general, has a *content*: a word that stands for what is in it, is
/// copied with it, and is all that memory-only movers move.
public final class Disks {
  private final @Nullable Path folder;
  private final SortedMap<String, Disk> disks = new TreeMap<>();
  private final SortedMap<String, Disk> snapshots = new TreeMap<>();
  private final Map<Path, String> contents = new HashMap<>();
  private int created;

  /// A disk, or a snapshot of one.
  ///
  /// @param handle what the storage calls it
  /// @param name what Kubernetes calls it: a PV's or a content's name
  /// @param origin the handle of the snapshot or disk it is a copy of; empty if of none
  /// @param path the directory or the file
  public record Disk(
      String handle, String name, boolean block, long sizeBytes, String origin, Path path) {}

  /// What to make.
  public record Order(String name, boolean block, long sizeBytes) {}

  private Disks(@Nullable Path folder) {
    this.folder = folder;
  }

  /// Storage below a folder.
  public static Disks in(Path folder) {
    return new Disks(folder);
  }

  /// Storage that only counts.
  public static Disks counted() {
    return new Disks(null);
  }

  /// What exists, by handle.
  public SortedMap<String, Disk> disks() {
    return Collections.unmodifiableSortedMap(disks);
  }

  /// What exists, by handle.
  public SortedMap<String, Disk> snapshots() {
    return Collections.unmodifiableSortedMap(snapshots);
  }

  /// The disk of a handle, which has to exist.
  public Disk disk(String handle) {
    Disk disk = disks.get(handle);
    if (disk == null) {
      throw new IllegalArgumentException("no disk " + handle);
    }
    return disk;
  }

  /// An empty disk.
  public Disk create(Order order) {
    Disk disk = entry("disk-", order, "");
    disks.put(disk.handle, disk);
    if (folder != null) {
      try {
        make(disk);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return disk;
  }

  /// A disk with what a snapshot has.
  ///
  /// @param order a block disk may be made from a snapshot of files' disk, and is then empty
  public Disk restore(String snapshot, Order order) {
    Disk from = snapshots.get(snapshot);
    if (from == null) {
      throw new IllegalArgumentException("no storage snapshot " + snapshot);
    }
    Disk disk = entry("disk-", order, snapshot);
    disks.put(disk.handle, disk);
    copy(from, disk);
    return disk;
  }

  /// A snapshot of a disk.
  public Disk snapshot(String handle, String name) {
    Disk from = disk(handle);
    Disk snapshot = entry("snap-", new Order(name, from.block, from.sizeBytes), handle);
    snapshots.put(snapshot.handle, snapshot);
    copy(from, snapshot);
    return snapshot;
  }

  /// Deletes a disk, if it is there.
  public void delete(String handle) {
    drop(disks.remove(handle));
  }

  /// Deletes a snapshot, if it is there.
  public void deleteSnapshot(String handle) {
    drop(snapshots.remove(handle));
  }

  /// Whether there are disks that were made from a snapshot.
  public boolean hasClones(String snapshot) {
    return disks.values().stream().anyMatch(disk -> disk.origin.equals(snapshot));
  }

  /// What a path stands for; empty if nobody has said.
  public String content(Path path) {
    return contents.getOrDefault(path, "");
  }

  public void fill(Path path, String content) {
    contents.put(path, content);
  }

  private Disk entry(String prefix, Order order, String origin) {
    String handle = prefix + ++created;
    Path home = (folder == null ? Path.of("counted") : folder).resolve(handle);
    Path path = home.resolve(order.block ? "image" : "mount");
    return new Disk(handle, order.name, order.block, order.sizeBytes, origin, path);
  }

  private static void make(Disk disk) throws IOException {
    if (!disk.block) {
      Files.createDirectories(disk.path);
      return;
    }
    Files.createDirectories(disk.path.resolveSibling("."));
    try (FileChannel image =
        FileChannel.open(disk.path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      if (disk.sizeBytes > 0) {
        FileCopies.setLength(image, disk.sizeBytes);
      }
    }
  }

  private void copy(Disk from, Disk to) {
    contents.put(to.path, content(from.path));
    if (folder == null) {
      return;
    }
    try {
      make(to);
      if (from.block == to.block) {
        if (from.block) {
          FileCopies.copyImage(from.path, to.path);
        } else {
          FileCopies.copyTree(from.path, to.path);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void drop(@Nullable Disk disk) {
    if (disk == null) {
      return;
    }
    contents.remove(disk.path);
    if (folder != null) {
      try {
        FileCopies.deleteTree(folder.resolve(disk.handle));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
