/// Commands that look into a repository: blobs, contents, indexes, sessions, manifests.
package dev.longshore.cli.inspect;
