"""A folder of the user's own profiles stands before the package's, in this process and in those that clean for it."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tinsach.app.main import main
from tinsach.cleaning import (
    ProfileError,
    clean_html,
    find_profile,
    list_sites,
    load_profile,
    rules_version,
    use_profiles,
)
from tinsach.datasets.archive import ArchiveWriter, FetchedResponse
from tinsach.datasets.layout import DataDir

URL = "https://mau.example/cau-moi-12.html"
PROFILE = (
    'name = "Báo Mẫu"\nhome = "https://mau.example/"\n'
    "[discover]\narticle_url = '-(\\d+)\\.html$'\n"
    '[extract]\ntitle = [".tua"]\nbody = [".bai"]\n'
)
BODY = "<p>Cầu dài 64 m, rộng 1,8 m, chịu được hai xe máy tránh nhau trong mùa mưa năm nay.</p>"
NEW_PAGE = f'<h1 class="tua">Cầu mới</h1><div class="bai">{BODY}</div>'
OLD_PAGE = f'<h1 class="de-cu">Cầu cũ</h1><div class="bai-cu">{BODY}</div>'
FAMILY_PAGE = f'<h1 class="cms-title">Cầu</h1><div class="article__body cms-body zce-content-body">{BODY}</div>'


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "mau.example.toml").write_text(PROFILE, encoding="utf-8")
    return folder


def test_own_profiles_join_the_packages(own: Path) -> None:
    """A site of the user's own is known while its folder is named, and forgotten afterwards."""
    use_profiles(own)
    assert "mau.example" in list_sites() and "ngaynay.vn" in list_sites()
    assert clean_html(NEW_PAGE, url=URL).extraction_name == "mau.example"
    use_profiles(None)
    assert "mau.example" not in list_sites() and find_profile(URL) is None


def test_own_file_replaces_the_packages(own: Path) -> None:
    """A file named like one of the package's is read in its place, and changes that site's rules and no other's."""
    before = {site: rules_version(site) for site in ("ngaynay.vn", "qdnd.vn")}
    (own / "ngaynay.vn.toml").write_text(
        PROFILE.replace("mau.example", "ngaynay.vn").replace("Báo Mẫu", "Bản khác"), encoding="utf-8"
    )
    use_profiles(own)
    assert load_profile("ngaynay.vn").name == "Bản khác"
    assert rules_version("ngaynay.vn") != before["ngaynay.vn"]
    assert rules_version("qdnd.vn") == before["qdnd.vn"]


def test_a_mistake_names_the_users_file(own: Path) -> None:
    """What is wrong in a user's file is told with the path of that file, and a missing folder with its own."""
    (own / "mau.example.toml").write_text(PROFILE + 'tilte = ["h1"]\n', encoding="utf-8")
    use_profiles(own)
    with pytest.raises(ProfileError, match=rf"^{own}/mau\.example\.toml: extract\.tilte"):
        load_profile("mau.example")
    use_profiles(own / "none")
    with pytest.raises(ProfileError, match="no such folder of profiles"):
        list_sites()


def test_the_processes_of_a_build_use_them(own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The data folder's `profiles` are used without any setting, also by the workers of `tinsach build`."""
    with ArchiveWriter(DataDir(tmp_path).site("mau.example"), "run", software={}) as writer:
        header = ((b"Content-Type", b"text/html"),)
        writer.write(FetchedResponse(URL, 200, "OK", header, NEW_PAGE.encode(), datetime(2026, 11, 1, tzinfo=UTC)))
    with pytest.raises(SystemExit) as end:
        main(["build", "--data", str(tmp_path), "--jobs", "1"])
    assert not end.value.code, capsys.readouterr().err
    [row] = pq.read_table(tmp_path / "sites/mau.example/records/run-00000.parquet").to_pylist()
    assert (row["extraction"], row["title"], row["id"]) == ("profile", "Cầu mới", "mau.example:12")


def test_markup_tells_the_template_not_the_date(own: Path) -> None:
    """A page in the old template is cleaned by that version, whatever day it shows; one in the new by the present."""
    version = '[[version]]\nname = "2026"\nuntil = 2026-11-01\n[version.extract]\ntitle=[".de-cu"]\nbody=[".bai-cu"]\n'
    (own / "mau.example.toml").write_text(PROFILE + version, encoding="utf-8")
    use_profiles(own)
    day = '<meta property="article:published_time" content="{}">'
    found = [
        clean_html(day.format(at) + page, url=URL)
        for at in ("2019-01-02T03:04:05+07:00", "2026-11-20T03:04:05+07:00")
        for page in (OLD_PAGE, NEW_PAGE)
    ]
    assert [(one.extraction_name, one.title) for one in found] == [
        ("mau.example/2026", "Cầu cũ"),
        ("mau.example", "Cầu mới"),
    ] * 2


def test_own_body_comes_before_versions_and_those_before_the_family(own: Path) -> None:
    """A site that left its family's template for its own keeps the family's for what it published before."""
    text = PROFILE.replace('name = "Báo Mẫu"\n', 'name = "Báo Mẫu"\nextends = "mcms"\n')
    text += '[[version]]\nname = "mcms"\nuntil = 2026-11-01\n[version.extract]\nbody = [".article__body.cms-body"]\n'
    (own / "mau.example.toml").write_text(text, encoding="utf-8")
    use_profiles(own)
    names = [clean_html(page, url=URL).extraction_name for page in (NEW_PAGE, FAMILY_PAGE)]
    assert names == ["mau.example", "mau.example/mcms"]
