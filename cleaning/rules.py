"""One short name for the rules that clean a site's pages: changed code or profile, changed name; reads only these."""

import hashlib
from importlib.resources import files

from tinsach.cleaning.profile import list_families, load_profile
from tinsach.cleaning.sources import UnknownSite, cache_profiles, profile_files


@cache_profiles
def rules_version(site: str | None) -> str:
    """16 hex digits over the cleaning code and the profiles that can touch a page of `site`.

    A site without profile may fall to any family, so all families count for it.
    """
    package = files("tinsach.cleaning")
    digest = hashlib.blake2b(digest_size=8)
    names = sorted(entry.name for entry in package.iterdir() if entry.name.endswith(".py"))
    for name in names:
        digest.update(name.encode() + b"\0" + (package / name).read_bytes())
    for name in _profiles_for(site):
        digest.update(name.encode() + b"\0" + profile_files()[name].read_bytes())
    return digest.hexdigest()


def _profiles_for(site: str | None) -> tuple[str, ...]:
    families = list_families()
    if site is None:
        return families
    try:
        load_profile(site)
    except UnknownSite:
        return families
    return (*families, site)
