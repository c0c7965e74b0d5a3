"""`tinsach build --explain`: which shards would be made, and why; nothing is made."""

from collections.abc import Sequence

from tinsach.app.output import Output
from tinsach.datasets.build import explain_site
from tinsach.datasets.layout import DataDir


def explain_builds(output: Output, data: DataDir, sites: Sequence[str]) -> None:
    """A line for each stale shard with its reason, then how many are up to date; raises BrokenWorld."""
    for site in dict.fromkeys(sites):
        plans = explain_site(data, site)
        stale = [plan for plan in plans if plan.stale]
        for plan in stale:
            output.event("stale", site=site, shard=plan.records, reason=plan.stale)
            output.line(f"{plan.records}: {plan.stale}")
        refused = [plan for plan in plans if plan.refused]
        for plan in refused:
            output.error(f"{plan.records}: {plan.refused}", site=site)
        output.event("explained", site=site, stale=len(stale), up_to_date=len(plans) - len(stale) - len(refused))
        output.line(f"{site}: {len(stale)} of {len(plans)} shards would be made")
