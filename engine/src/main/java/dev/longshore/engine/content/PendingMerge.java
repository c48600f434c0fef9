package dev.longshore.engine.content;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import java.util.Comparator;
import java.util.List;

/// A session's own entries merged into a walk through the published ones, in the order of ids.
final class PendingMerge {
  private final List<IndexEntry> own;
  private final boolean includeDeleted;
  private final ContentReader.Visitor visitor;
  private int next;

  /// @param own entries of different ids, sorted here
  PendingMerge(List<IndexEntry> own, boolean includeDeleted, ContentReader.Visitor visitor) {
    this.own = own;
    this.includeDeleted = includeDeleted;
    this.visitor = visitor;
    own.sort(Comparator.comparing(IndexEntry::contentId));
  }

  void over(IndexSet published, ContentRange range) throws RepositoryException {
    // Tombstones too: a pending entry must meet the published one it competes with.
    ContentRange all = new ContentRange(range.firstPrefix(), range.lastPrefix(), true);
    published.forEach(all, this::merge);
    while (next < own.size()) {
      visit(own.get(next++));
    }
  }

  private void merge(IndexEntry published) throws RepositoryException {
    ContentId id = published.contentId();
    while (next < own.size() && own.get(next).contentId().compareTo(id) < 0) {
      visit(own.get(next++));
    }
    IndexEntry winner = published;
    if (next < own.size() && own.get(next).contentId().equals(id)) {
      IndexEntry mine = own.get(next++);
      winner = mine.supersedes(published) ? mine : published;
    }
    visit(winner);
  }

  private void visit(IndexEntry entry) throws RepositoryException {
    if (includeDeleted || !entry.deleted()) {
      visitor.visit(entry);
    }
  }
}
