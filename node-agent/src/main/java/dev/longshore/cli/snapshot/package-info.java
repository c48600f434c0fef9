/// `repo snapshot …`, `restore`, `ls`, `show` and `diff`.
package dev.longshore.cli.snapshot;
