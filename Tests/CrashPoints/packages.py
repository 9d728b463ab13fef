"""Small packages with real code, for the operations."""

import subprocess
import tarfile
from pathlib import Path

SOURCE = Path(__file__).with_name("plugin.c")
TESTS = Path(__file__).parent.parent
INCLUDES = [TESTS.parent / "PluginAPI" / "include", TESTS / "Fixtures" / "Plugins"]

# Never becomes healthy: it starts, and then fails its health window.
ILL_VERSION = "6.6.6"


def make(directory: Path, version: str, plugin: str = "lamp") -> Path:
    """A package as a directory."""
    package = directory / f"{plugin}-{version}"
    (package / "texts").mkdir(parents=True)
    (package / "texts" / "about.txt").write_text(f"This is version {version}.\n")
    (package / "plugin.yaml").write_text(
        f"manifest: 1\nid: {plugin}\nname: The lamp\nversion: {version}\ndescription: Is there to be installed.\n"
        f'license: Apache-2.0\nentry: {plugin}.so\nabi: "1.0"\n'
        "settings:\n  type: object\n  properties:\n    greeting: {type: string, x-restart: plugin}\n"
    )
    includes = [f"-I{include}" for include in INCLUDES]
    defines = [f'-DID="{plugin}"', f'-DVERSION="{version}"', f"-DIS_ILL={int(version == ILL_VERSION)}"]
    flags = ["-std=c11", "-O1", "-s", "-shared", "-fPIC", "-fvisibility=hidden", *includes, *defines]
    subprocess.run(["cc", *flags, "-o", package / f"{plugin}.so", SOURCE, "-lpthread"], check=True)
    return package


def archive(package: Path) -> Path:
    path = package.with_name(f"{package.name}.tar.gz")
    with tarfile.open(path, "w:gz") as file:
        file.add(package, arcname=package.name)
    return path
