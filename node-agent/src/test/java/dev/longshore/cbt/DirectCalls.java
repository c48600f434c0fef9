package dev.longshore.cbt;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// Calls of a service for tests without a network between.
final class DirectCalls implements MetadataCalls {
  private final MetadataResponder service;

  DirectCalls(MetadataResponder service) {
    this.service = service;
  }

  @Override
  public MetadataStream open(MetadataQuery query, String token, long startingOffset) {
    MetadataAnswer answer =
        service.answer(new MetadataResponder.Asked(query, token, startingOffset));
    Iterator<MetadataMessage> messages = answer.messages().iterator();
    return new MetadataStream() {
      @Override
      public @Nullable MetadataMessage next() throws MetadataException {
        if (messages.hasNext()) {
          return messages.next();
        }
        if (answer.code().equals(MetadataAnswer.OK)) {
          return null;
        }
        throw new MetadataException(answer.code(), answer.words());
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void close() {}
}
