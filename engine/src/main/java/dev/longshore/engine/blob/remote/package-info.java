/// What stores behind a network have in common: bodies that can be sent again, and drafts in files.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.blob.remote;
