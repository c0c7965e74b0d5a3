"""datatrove's MinHash over a folder of JSON Lines; runs in an environment of its own, named by benchmarks/release.py.

    PYTHON benchmarks/datatrove_minhash.py DOCUMENTS WORK

Same runs as ours, five words, in lower case with tones kept; one process. Prints {"seconds", "peak_mb", "dropped"}.
"""

import json
import resource
import sys
import time
from pathlib import Path

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupFilter, MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
from datatrove.utils.text import TextNormConfig
from datatrove.utils.word_tokenizers import WhitespaceTokenizer

NEEDS_NO_MODEL = "aii"  # any language whose tokenizer loads without spaCy; it is replaced


class Syllables(WhitespaceTokenizer):
    """Splits at spaces, as ours does."""

    def word_tokenize(self, text: str) -> list[str]:
        """The syllables of a text."""
        return text.split()


def run_steps(documents: str, work: Path) -> None:
    """The four steps that datatrove's own example runs, one after the other."""
    norm = TextNormConfig(norm_unicode_diacritics=False, norm_numbers=False, norm_weekdays=False, norm_monthnames=False)
    config = MinhashConfig(n_grams=5, norm_config=norm)
    signatures, buckets, clusters = (str(work / name) for name in ("signatures", "buckets", "clusters"))
    sign = MinhashDedupSignature(output_folder=signatures, config=config, language=NEEDS_NO_MODEL)
    sign.word_tokenizer = Syllables()
    dropped = JsonlWriter(str(work / "dropped"), compression=None)
    pipelines = (
        ([JsonlReader(documents), sign], 1),
        ([MinhashDedupBuckets(input_folder=signatures, output_folder=buckets, config=config)], config.num_buckets),
        ([MinhashDedupCluster(input_folder=buckets, output_folder=clusters, config=config)], 1),
        ([JsonlReader(documents), MinhashDedupFilter(input_folder=clusters, exclusion_writer=dropped)], 1),
    )
    for number, (steps, tasks) in enumerate(pipelines):
        LocalPipelineExecutor(steps, tasks=tasks, workers=1, logging_dir=str(work / f"logs{number}")).run()


def main() -> None:
    """Print what was dropped, and what it cost."""
    documents, work = sys.argv[1], Path(sys.argv[2])
    started = time.perf_counter()
    run_steps(documents, work)
    seconds = time.perf_counter() - started
    lines = (line for path in (work / "dropped").glob("*") for line in path.open(encoding="utf-8"))
    dropped = [int(json.loads(line)["id"]) for line in lines]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": peak, "dropped": dropped}))


if __name__ == "__main__":
    main()
