/// Names: of blobs, contents, objects, sessions and manifests.
@org.jspecify.annotations.NullMarked
package dev.longshore.format.id;
