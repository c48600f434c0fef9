/// Commands that look into a repository: blobs, contents, indexes, sessions, manifests.
@org.jspecify.annotations.NullMarked
package dev.longshore.cli.inspect;
