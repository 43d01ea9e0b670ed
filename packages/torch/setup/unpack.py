"""Unpacks the members of a wheel that match any of the patterns: unpack.py WHEEL FOLDER PATTERN..."""

import fnmatch
import os
import shutil
import sys
import zipfile

wheel, folder, *patterns = sys.argv[1:]
root = os.path.realpath(folder)
with zipfile.ZipFile(wheel) as archive:
    for member in archive.infolist():
        if member.is_dir() or not any(fnmatch.fnmatchcase(member.filename, pattern) for pattern in patterns):
            continue
        target = os.path.realpath(os.path.join(root, member.filename))
        if not target.startswith(root + os.sep):
            sys.exit(f"error: the wheel has a member outside its folder: {member.filename}")
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with archive.open(member) as source, open(target, "wb") as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
            # Renaming the folder must not become durable before its content.
            if member.file_size > 1 << 20:
                copy.flush()
                os.fsync(copy.fileno())
