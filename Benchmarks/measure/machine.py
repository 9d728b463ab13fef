"""Where and when it was measured."""

import datetime
import os
import platform
import subprocess


def description(seconds: float) -> str:
    load = os.getloadavg()[2]
    lines = [
        f"- {datetime.date.today()}, {seconds:.0f} s, load average of the 15 minutes before the end: {load:.2f}",
        f"- {processor()}, {os.cpu_count()} cores, {memory():.0f} GB",
        f"- {distribution()}, Linux {platform.release()}",
        f"- {swift()}; built for release",
    ]
    return "\n".join(lines) + "\n"


def processor() -> str:
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        fields = dict(line.split(":", 1) for line in file if ":" in line)
    fields = {name.strip(): value.strip() for name, value in fields.items()}
    model = fields.get("model name", platform.machine())
    numbers = [fields.get(name, "?") for name in ("cpu family", "model", "stepping")]
    return f"{model} (family {numbers[0]}, model {numbers[1]}, stepping {numbers[2]})"


def memory() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9


def distribution() -> str:
    return platform.freedesktop_os_release().get("PRETTY_NAME", "Linux")


def swift() -> str:
    output = subprocess.run(["swift", "--version"], capture_output=True, text=True, check=False).stdout
    return next((line for line in output.splitlines() if "Swift version" in line), "Swift of unknown version")
