"""npm packages of a test, pinned by the package-lock.json of its folder and installed below the build folder, once."""
import hashlib
import os
import pathlib
import shutil
import subprocess


class Missing(Exception):
    """Why the packages cannot be had."""


def packages(source, build, what):
    """The folder that has `node_modules`, for the package.json of `source`; `what` names the packages."""
    source = pathlib.Path(source)
    lock = (source / "package-lock.json").read_bytes()
    folder = pathlib.Path(build) / "npm-packages" / hashlib.sha256(lock).hexdigest()[:16]
    if (folder / "done").exists():
        return folder
    for tool in ("node", "npm"):
        if not shutil.which(tool):
            raise Missing(f"no {tool}: apt-get install nodejs npm")
    folder.parent.mkdir(parents=True, exist_ok=True)
    own = pathlib.Path(f"{folder}.{os.getpid()}")  # tests run side by side
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(source / name, own)
    done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"], cwd=own,
                          capture_output=True, text=True, check=False, timeout=240)
    if done.returncode != 0:
        shutil.rmtree(own, ignore_errors=True)
        raise Missing(f"npm cannot fetch {what}: " + " ".join(done.stderr.split())[-200:])
    (own / "done").touch()
    try:
        own.rename(folder)
    except OSError:  # another test was quicker, or what is there was not complete
        if not (folder / "done").exists():
            shutil.rmtree(folder, ignore_errors=True)
            own.rename(folder)
        shutil.rmtree(own, ignore_errors=True)
    return folder
