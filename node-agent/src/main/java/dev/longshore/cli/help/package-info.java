/// Help beyond `--help`: shell completion, man pages, the reference page.
package dev.longshore.cli.help;
