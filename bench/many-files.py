#!/usr/bin/env python3
"""Makes a tree of many small files: many-files.py DIRECTORY COUNT

Two fifths of the files lie in three wide directories, the rest in directories of 200, a hundred of which share a
parent. Each file holds its number and has a time, permissions and a name of its own. The same count gives the same
tree. many-files.py DIRECTORY COUNT STEP changes every STEP-th file of such a tree instead.
"""
import os
import random
import sys

NAME_ENDS = (".txt", ".json", "-report.csv", ".png", " (copy).md", "-größe.log", "", ".tar.gz")
MODES = (0o644, 0o600, 0o640, 0o755)
START = 1_500_000_000_000_000_000


def place(number, count):
    """The directory of a file, and its name."""
    end = NAME_ENDS[number % len(NAME_ENDS)]
    wide = count * 2 // 5
    if number < wide:
        return f"wide-{number % 3}", f"{number * 2654435761 % (1 << 32):08x}{end}"
    leaf = (number - wide) // 200
    return f"part-{leaf // 100:03d}/leaf-{leaf % 100:02d}", f"item {number:08d}{end}"


def main():
    root, count = sys.argv[1], int(sys.argv[2])
    step = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    times = random.Random(count)
    last = None
    for number in range(0, count, step or 1):
        directory, name = place(number, count)
        path = os.path.join(root, directory)
        if path != last and not step:
            os.makedirs(path, exist_ok=True)
            last = path
        file = os.open(os.path.join(path, name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.write(file, b"%d %s\n" % (number, b"changed" if step else b""))
        if not step:
            os.fchmod(file, MODES[number % len(MODES)])
            moment = START + times.randrange(10**17)
            os.utime(file, ns=(moment, moment))
        os.close(file)


main()
