/// `repo snapshot …`, `restore`, `ls`, `show` and `diff`.
@org.jspecify.annotations.NullMarked
package dev.longshore.cli.snapshot;
