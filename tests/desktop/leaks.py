"""Looks for secrets where they must not be, in every form in which they could lie there."""
import base64
import os
import pathlib
import struct
import subprocess
import tempfile
import urllib.parse


def forms(secret):
    """A secret as it is, URL-encoded, as UTF-16, and as base64 at each of the three alignments."""
    raw = secret.encode()
    found = {"plain": raw, "url": urllib.parse.quote(secret, safe="").encode(), "utf-16": secret.encode("utf-16-le")}
    for shift in range(3):
        # Without the characters at both ends, which depend on the neighbours.
        found[f"base64+{shift}"] = base64.b64encode(b"\0" * shift + raw)[4:-4]
    return found


def count(data, secrets):
    """How often each kind of secret is in the data, by kind and form."""
    tally = {}
    for kind, values in secrets.items():
        for value in values:
            seen = set()
            for form, piece in forms(value).items():
                if len(piece) > 12 and piece not in seen and (times := data.count(piece)):
                    tally[f"{kind} ({form})"] = tally.get(f"{kind} ({form})", 0) + times
                seen.add(piece)
    return tally


def in_files(folder, secrets, but=()):
    """Files of a folder that hold a secret."""
    files = [file for file in pathlib.Path(folder).rglob("*") if file.is_file() and not any(part in but for part in file.parts)]
    return {str(file): tally for file in files if (tally := count(file.read_bytes(), secrets))}


def dump(process, file):
    """Writes what a process has in private memory, as a core dump would, without the pages that were never touched."""
    page = os.sysconf("SC_PAGESIZE")
    with open(f"/proc/{process}/mem", "rb", 0) as memory, open(f"/proc/{process}/pagemap", "rb", 0) as pagemap:
        for line in pathlib.Path(f"/proc/{process}/maps").read_text().splitlines():
            places, rights = line.split()[:2]
            if rights[:2] != "rw" or rights[3] != "p":
                continue
            first, last = (int(place, 16) // page for place in places.split("-"))
            pagemap.seek(first * 8)
            entries = struct.unpack(f"{last - first}Q", pagemap.read((last - first) * 8))
            for at, entry in enumerate(entries, first):
                # Present, or swapped out.
                if entry >> 62:
                    memory.seek(at * page)
                    file.write(memory.read(page))


def in_memory(process, secrets):
    """What a dump of a process holds: the bytes around each refresh token, which name whose buffer it was, how many access tokens, and the size of the dump."""
    pieces = {piece: (kind, form) for kind in ("refresh", "access") for value in secrets[kind] for form, piece in forms(value).items() if form != "utf-16"}
    with tempfile.NamedTemporaryFile() as file, tempfile.NamedTemporaryFile() as patterns:
        dump(process, file)
        file.flush()
        patterns.write(b"\n".join(pieces))
        patterns.flush()
        # One pass for all of them.
        found = subprocess.run(["grep", "-abo", "-F", "-f", patterns.name, file.name], capture_output=True, env=os.environ | {"LC_ALL": "C"}).stdout
        around, access = [], 0
        for line in found.splitlines():
            at, piece = line.split(b":", 1)
            kind, form = pieces[piece]
            if kind == "access":
                access += 1
                continue
            start = max(0, int(at) - 64)
            file.seek(start)
            before, after = file.read(int(at) - start), file.read(len(piece) + 64)[len(piece) :]
            readable = ["".join(chr(byte) if 32 <= byte < 127 else "." for byte in part) for part in (before, after)]
            around.append((form, "<secret>".join(readable)))
        return around, access, os.path.getsize(file.name)
