"""What `pip install` brings: everything under the one name `tinsach`, complete, and beside other people's packages."""

import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = ("cleaning", "datasets", "crawler", "app")
SETUPTOOLS_WITH_SPDX = 77  # the first that reads `license = "Apache-2.0"`


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built offline from a copy of the sources, so that nothing is left in the working tree."""
    if int(version("setuptools").partition(".")[0]) < SETUPTOOLS_WITH_SPDX:
        pytest.skip(f"setuptools {version('setuptools')} can't build it; `make test` installs the pinned one")
    source, dist = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    for floor in FLOORS:
        shutil.copytree(ROOT / floor, source / floor, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-index", "--no-build-isolation", "--quiet"]
    subprocess.run([*command, "--wheel-dir", str(dist), str(source)], check=True, capture_output=True, text=True)
    (built,) = dist.glob("*.whl")
    return built


def test_wheel_holds_nothing_but_tinsach(wheel: Path) -> None:
    """No top-level `datasets` or `app`: they would overwrite packages of those names."""
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"tinsach"}


def test_wheel_holds_every_module_and_profile(wheel: Path) -> None:
    """A module or profile that the package list forgets would be missing only for users."""
    expected = {
        f"tinsach/{path.relative_to(ROOT).as_posix()}"
        for floor in FLOORS
        for path in (ROOT / floor).rglob("*")
        if path.suffix in (".py", ".toml") or path.name == "py.typed"
    }
    assert expected <= set(zipfile.ZipFile(wheel).namelist())


def test_installed_package_lives_beside_another_datasets(wheel: Path, tmp_path: Path) -> None:
    """`import datasets` and `import tinsach.datasets` are two packages in one process."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    (tmp_path / "datasets.py").write_text("OWNER = 'somebody else'\n")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "import datasets, tinsach.datasets.build, tinsach.cleaning, tinsach.app.main\n"
        "print(datasets.OWNER, len(tinsach.cleaning.list_sites()))\n"
        "print(tinsach.datasets.build.__file__)\n"
    )
    command = [sys.executable, "-c", code]
    ended = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    first, second = ended.stdout.splitlines()
    assert first == f"somebody else {len(list((ROOT / 'cleaning' / 'profiles').glob('*.*.toml')))}"
    assert Path(second).is_relative_to(tmp_path)


def test_lock_names_no_host_and_pins_by_hash() -> None:
    """requirements.lock works with any index: no address, no path, and a hash for every pin."""
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if "://" in line or line.startswith(("-", "/"))]
    pins = [number for number, line in enumerate(lines) if line and not line.startswith((" ", "#"))]
    assert len(pins) > 40
    assert all("==" in lines[number] and "--hash=sha256:" in lines[number + 1] for number in pins)


def test_lock_pins_every_dependency() -> None:
    """A dependency added to pyproject without `make lock` would be missing after `make demo`; readers are left out."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {name: extra for name, extra in project["optional-dependencies"].items() if name != "readers"}
    named = [*project["dependencies"], *(requirement for extra in extras.values() for requirement in extra)]
    pinned = {
        line.partition("==")[0].lower().replace("_", "-")
        for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    wanted = {requirement_name(requirement) for requirement in named}
    assert wanted - pinned == set()


def requirement_name(requirement: str) -> str:
    name = requirement
    for sign in ">=<!~[; ":
        name = name.partition(sign)[0]
    return name.lower().replace("_", "-")
