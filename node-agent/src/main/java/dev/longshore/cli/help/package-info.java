/// Help beyond `--help`: shell completion, man pages, the reference page.
@org.jspecify.annotations.NullMarked
package dev.longshore.cli.help;
