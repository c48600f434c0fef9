/// Copying a repository, blob by blob, to another store.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.sync;
