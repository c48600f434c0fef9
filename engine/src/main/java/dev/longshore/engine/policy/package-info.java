/// What policies mean: merging, ignore rules, compression per file, retention.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.policy;
